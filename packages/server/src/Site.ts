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
