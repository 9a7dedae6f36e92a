/** What the server must know about itself, to build its own URLs and to check keys. */
import type { Span } from "@overdue/core/Time"
import * as Context from "effect/Context"

/** The site. */
export class Site extends Context.Service<
  Site,
  {
    /** The public URL of the server, without a slash at the end: `https://hc.example.org`. */
    readonly root: string
    /** The domain of the e-mail addresses of checks. */
    readonly pingEmailDomain: string
    /** Whether mail to that domain arrives, so that the addresses of checks are shown; by default not. */
    readonly takesEmail?: boolean
    /** The secret under which API keys are digested and badges are signed. */
    readonly secret: string
    /** The key to the metrics of the whole installation; without it, nobody gets them. */
    readonly metricsKey?: string | undefined
    /** How often targets are asked whose API does not say; by default every minute. */
    readonly probeEvery?: Span | undefined
    /** Whether an IP address may be asked for; by default whether it is public. */
    readonly mayAsk?: ((address: string) => boolean) | undefined
    /** The key of whoever operates the installation, for all projects; without it, nobody may. */
    readonly adminKey?: string | undefined
    /** The key of probers elsewhere that ask for the checks of all projects; without it, only those of a project may. */
    readonly proberKey?: string | undefined
  }
>()("@overdue/server/Site") {}

/** Returns the same site with a path added to its root. */
export const below = (site: Site["Service"], path: string): Site["Service"] => at(site, (root) => root + path)

/** Returns the root of a host of its own, which has the scheme and the port of another root. */
export const rootOfHost = (root: string, host: string): string => {
  const { protocol, port } = new URL(root)
  return `${protocol}//${host}${port === "" ? "" : `:${port}`}`
}

/** Returns the same site as it is reached at a host of its own. */
export const onHost = (site: Site["Service"], host: string): Site["Service"] =>
  at(site, (root) => rootOfHost(root, host))

const at = (site: Site["Service"], rootOf: (root: string) => string): Site["Service"] => ({
  // Getters, because both may change later: the port is only known when the server listens.
  get root() {
    return rootOf(site.root)
  },
  get pingEmailDomain() {
    return site.pingEmailDomain
  },
  ...(site.takesEmail !== undefined && { takesEmail: site.takesEmail }),
  secret: site.secret,
  metricsKey: site.metricsKey,
  adminKey: site.adminKey,
  proberKey: site.proberKey,
  probeEvery: site.probeEvery,
  mayAsk: site.mayAsk,
})
