/** The server without a socket: every route, behind one function, and the web-standard form of it. */
import { StoreError } from "@overdue/core/Store"
import type * as Monitor from "@overdue/engine/Monitor"
import type { Services } from "./dialects/Dialect.ts"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Dialects from "./dialects/index.ts"
import * as Access from "./access/Access.ts"
import { empty, text, type Inbound, type Outbound } from "./http/Http.ts"
import * as PingApi from "./dialects/healthchecks/pings/PingApi.ts"
import { Site } from "./Site.ts"
import * as InboundEmail from "./mail/InboundEmail.ts"
import * as WebRequest from "./http/WebRequest.ts"

/** Answers a request; `done` is called once. */
export type Serve = (inbound: Inbound, done: (outbound: Outbound) => void) => void

/** All routes over an engine's services. */
export const serve = (services: Context.Context<Services>): Serve => {
  const pings = PingApi.make(services)
  const run = Effect.runCallbackWith(services)
  const answer: Serve = (inbound, done) => {
    const ping = pings.parse(inbound.path)
    if (ping !== undefined) return pings.answer(ping, inbound, done)
    if (inbound.path === "/") return done(welcome)
    const route = Dialects.find(inbound.path) ?? InboundEmail.find(inbound.path)
    if (route === undefined) return done(text(404, "not found"))
    run(route.handle(inbound), {
      onExit: (exit) => {
        if (Exit.isSuccess(exit)) return done(exit.value)
        const error = Cause.squash(exit.cause)
        run(Effect.logError(`${inbound.method} ${inbound.path} failed`, exit.cause))
        done(error instanceof StoreError ? unavailable : empty(500))
      },
    })
  }
  return (inbound, done) => {
    try {
      answer(inbound, done)
    } catch (defect) {
      // Nobody above would catch it, and one request must not end the process.
      run(Effect.logError(`${inbound.method} ${inbound.path} failed`, defect))
      done(empty(500))
    }
  }
}

/** Whoever opens the address that the server prints gets a page to read. */
const welcome = empty(302, { location: "/api/v3/docs" })

const unavailable = text(503, "temporarily unavailable", { "retry-after": "5" })

export interface HandlerOptions {
  /** Speaks for requests that carry no API key. Without it, only keys count. */
  readonly authorize?: Access.Authorize
}

/** A web-standard handler over a monitor, for whatever runtime or framework speaks `Request` and `Response`. */
export const handler = async (
  monitor: Monitor.Monitor,
  site: Context.Service.Shape<typeof Site>,
  { authorize }: HandlerOptions = {},
): Promise<(request: Request) => Promise<Response>> => {
  const services = (await monitor.runtime.context()).pipe(
    Context.add(Site, site),
    Context.add(Access.Authorize, authorize),
  )
  const serveRequest = serve(services)
  return (request) =>
    new Promise((resolve) => {
      serveRequest(WebRequest.inbound(request), (outbound) => resolve(WebRequest.response(request, outbound)))
    })
}
