/** What the server must know about itself to name its own URLs and to judge keys. */
import * as Context from "effect/Context"

export class Site extends Context.Service<
  Site,
  {
    /** Where people reach it, without a slash at the end: `https://hc.example.org`. */
    readonly root: string
    /** Domain of e-mail addresses that are pings. */
    readonly pingEmailDomain: string
    /** Keys of API keys, badges and signed addresses derive from it. */
    readonly secret: string
    /** Opens the numbers of the whole installation; without it they are closed. */
    readonly metricsKey?: string | undefined
  }
>()("@overdue/server/Site") {}

/** Returns the same site, whose root is further down: `/hc`. */
export const below = (site: Site["Service"], path: string): Site["Service"] => ({
  // Both may be known later than this: the port is picked when the server listens.
  get root() {
    return site.root + path
  },
  get pingEmailDomain() {
    return site.pingEmailDomain
  },
  secret: site.secret,
  metricsKey: site.metricsKey,
})
