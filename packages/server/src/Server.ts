/** The server without a socket: every route, behind one function, and the web-standard form of it. */
import type * as Monitor from "@overdue/engine/Monitor"
import * as Context from "effect/Context"
import * as Access from "./access/Access.ts"
import type { Dialect, Services } from "./dialects/Dialect.ts"
import * as Dialects from "./dialects/index.ts"
import * as Places from "./dialects/Places.ts"
import * as Routes from "./dialects/Routes.ts"
import * as Health from "./Health.ts"
import { text, type Serve } from "./http/Http.ts"
import * as WebRequest from "./http/WebRequest.ts"
import * as InboundEmail from "./mail/InboundEmail.ts"
import { Site } from "./Site.ts"

export interface Options {
  /** Those that are served, the first of them at the root; all that there are unless given. */
  readonly dialects?: readonly Dialect[] | undefined
}

/** Routes that belong to no dialect: at the root of every host. */
const own = [Health.route, InboundEmail.route]

/** All routes over an engine's services. */
export const serve = (services: Context.Context<Services>, options: Options = {}): Serve => {
  const ofServer = Routes.open("server", own, services)
  const ofDialects = Places.open(options.dialects ?? Dialects.dialects, services)
  return (inbound, done) => {
    if (!ofServer(inbound, done) && !ofDialects(inbound, done)) done(text(404, "not found"))
  }
}

export interface HandlerOptions extends Options {
  /** Speaks for requests that carry no API key. Without it, only keys count. */
  readonly authorize?: Access.Authorize
}

/** A web-standard handler over a monitor, for whatever runtime or framework speaks `Request` and `Response`. */
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
