/** The carrier for Effect HTTP applications: the server as an app, or as routes of an `HttpRouter`. */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Cookies from "effect/http/Cookies"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { Services } from "../dialects/Dialect.ts"
import * as Server from "../Server.ts"
import {
  BodyTooLarge,
  isStream,
  longestBody,
  plainAddress,
  type Body,
  type Inbound,
  type Outbound,
} from "./Http.ts"

/** Answers the `HttpServerRequest` in its context. */
export type App = Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  never,
  HttpServerRequest.HttpServerRequest
>

/** Returns the app over an engine's services. It answers every path, with a 404 where no route has it. */
export const make = (options?: Server.Options): Effect.Effect<App, never, Services> =>
  Effect.map(Effect.context<Services>(), (services) => {
    const serve = Server.serve(services, options)
    return Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
      Effect.callback<HttpServerResponse.HttpServerResponse>((resume) =>
        serve(inbound(request), (outbound) => resume(Effect.succeed(response(outbound)))),
      ),
    )
  })

/** A route for HEAD would also take those of the application's GET routes, which the router tries without one. */
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const

/** The app as a catch-all route: it gets the requests that no other route of the router takes. */
export const routes = (
  options?: Server.Options,
): Layer.Layer<never, never, HttpRouter.HttpRouter | Services> =>
  HttpRouter.use((router) =>
    Effect.flatMap(make(options), (app) =>
      Effect.forEach(methods, (method) => router.add(method, "/*", app), { discard: true }),
    ),
  )

const inbound = (request: HttpServerRequest.HttpServerRequest): Inbound => {
  const { url, headers, method } = request
  const mark = url.indexOf("?")
  const length = headers["content-length"]
  return {
    method,
    host: headers["host"] ?? "",
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    header: (name) => headers[name],
    hasBody: headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0"),
    body: (limit) => Effect.runPromise(read(request, limit)),
    remoteAddress: plainAddress(Option.getOrElse(request.peerAddress, () => "")),
    scheme: request.protocol ?? "http",
  }
}

const read = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, limit: number) {
  const kept: Uint8Array[] = []
  let size = 0
  yield* Stream.runForEach(request.stream, (chunk) => {
    if (size < limit) kept.push(chunk.subarray(0, limit - size))
    size += chunk.length
    return size > longestBody ? Effect.fail(new BodyTooLarge()) : Effect.void
  })
  return { bytes: Buffer.concat(kept), isCut: size > limit } satisfies Body
})

const response = ({ status, headers, body }: Outbound): HttpServerResponse.HttpServerResponse => {
  const { "set-cookie": cookies = [], ...others } = headers
  const options = {
    status,
    // A list of values may be one value with commas (RFC 9110 §5.3); cookies are the exception.
    headers: Object.fromEntries(Object.entries(others).map(([name, value]) => [name, String(value)])),
    cookies: Cookies.fromSetCookie(cookies),
  }
  if (typeof body === "string") return HttpServerResponse.text(body, options)
  if (!isStream(body)) return HttpServerResponse.uint8Array(body, options)
  const length = others["content-length"]
  return HttpServerResponse.stream(
    Stream.fromAsyncIterable(body, (cause) => cause),
    length === undefined ? options : { ...options, contentLength: Number(length) },
  )
}
