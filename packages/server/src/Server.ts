/** The server without a socket: one function that answers every request, and the same over `Request` and `Response`. */
import type * as Monitor from "@overdue/engine/Monitor"
import * as Context from "effect/Context"
import * as Access from "./access/Access.ts"
import * as Base from "./http/Base.ts"
import type { Dialect, Services, Take } from "./dialects/Dialect.ts"
import * as Dialects from "./dialects/index.ts"
import * as Mounts from "./dialects/Mounts.ts"
import * as Routes from "./dialects/Routes.ts"
import * as Health from "./Health.ts"
import { text, type Outbound, type Serve } from "./http/Http.ts"
import * as WebRequest from "./http/WebRequest.ts"
import * as InboundEmail from "./mail/InboundEmail.ts"
import { Site } from "./Site.ts"

/** What is served. */
export interface Options {
  /** The dialects, the first of which is reached at the root as well. By default every dialect in the registry. */
  readonly dialects?: readonly Dialect[] | undefined
}

const notFound = text(
  404,
  "not found: nothing is served at this path of this host; check both in the address",
)

/** Routes that belong to no dialect. They are reached at the root of every host. */
const own = [Health.route, InboundEmail.route]

/** Returns the function that answers every request over an engine's services. */
export const serve = (services: Context.Context<Services>, options: Options = {}): Serve => {
  const ofServer = Routes.open("server", own, services)
  const ofDialects = Mounts.open(options.dialects ?? Dialects.dialects, services)
  const take: Take = (inbound, done) => ofServer(inbound, done) || ofDialects(inbound, done)
  const site = Context.get(services, Site)
  return (inbound, done) => {
    const base = Base.of(site.root)
    const asked = base === "" ? inbound : Base.below(base, inbound)
    const answered = base === "" ? done : (outbound: Outbound) => done(Mounts.relocated(outbound, base))
    if (!take(asked.path.includes("%") ? Base.plain(asked) : asked, answered)) done(notFound)
  }
}

/** What is served, and to whom. */
export interface HandlerOptions extends Options {
  /** Decides about requests that carry no API key. By default they are refused. */
  readonly authorize?: Access.Authorize
}

/**
 * Returns a handler over a monitor, for any runtime or framework that uses the web-standard `Request` and `Response`.
 *
 * @example
 * ```ts
 * import * as Monitor from "@overdue/engine/Monitor"
 * import * as Server from "@overdue/server/Server"
 *
 * await using monitor = await Monitor.make()
 * const root = "https://overdue.example.org"
 * const site = { root, pingEmailDomain: "overdue.example.org", secret: "a long random text" }
 * const handle = await Server.handler(monitor, site)
 * const { id } = await monitor.ensure({ slug: "backup", every: "1 day" })
 * const response = await handle(new Request(`${root}/ping/${id}`))
 * console.log(response.status, await response.text(), await monitor.status(id)) // → 200 OK up
 * ```
 */
export const handler = async (
  monitor: Monitor.Monitor,
  site: Context.Service.Shape<typeof Site>,
  { authorize, ...options }: HandlerOptions = {},
): Promise<(request: Request) => Promise<Response>> => {
  const services = (await monitor.runtime.context()).pipe(
    Context.add(Site, site),
    Context.add(Access.Authorize, authorize),
  )
  const serveRequest = serve(services, options)
  return (request) =>
    new Promise((resolve) => {
      serveRequest(WebRequest.inbound(request), (outbound) => resolve(WebRequest.response(request, outbound)))
    })
}
