/** One HTTP request and its response over `node:http` or `node:https`, without redirects or retries. */
import * as http from "node:http"
import * as https from "node:https"
import type { LookupFunction } from "node:net"
import type { SecureContextOptions } from "node:tls"
import * as Effect from "effect/Effect"
import type { Span } from "@overdue/core/Time"
import type { NotifyRequest } from "../HttpKind.ts"
import * as Address from "@overdue/core/Address"
import type { Connections } from "./Connections.ts"
import type { Resolved, Target } from "./Target.ts"
import * as Unsent from "./Unsent.ts"

/** How a request is sent. */
export interface Options {
  /** Destroys the socket, which must not outlive the attempt. */
  readonly signal: AbortSignal
  /** Certificates to trust instead of those that Node trusts. */
  readonly certificateAuthorities: SecureContextOptions["ca"]
  /** Those that were kept; `undefined` connects anew. */
  readonly connections: Connections | undefined
}

/** Sends a request, and succeeds when the status line and the headers of the response have arrived. */
export const open = (
  target: Target,
  request: Message,
  options: Options,
): Effect.Effect<http.IncomingMessage, Unsent.Unsent> =>
  Effect.callback((resume) => {
    const body = request.body === undefined ? undefined : Buffer.from(request.body)
    let outgoing: http.ClientRequest
    try {
      outgoing = begin(target, request, body, options)
    } catch (cause) {
      // Node throws for a request that it cannot write, such as one with a line break in a header.
      resume(Effect.fail(Unsent.ofError(cause)))
      return
    }
    outgoing.on("error", (cause) => {
      // The target may have closed a connection that was kept just as this request went out on it.
      const isStale = outgoing.reusedSocket && !options.signal.aborted
      resume(
        isStale
          ? open(target, request, { ...options, connections: undefined })
          : Effect.fail(Unsent.ofError(cause)),
      )
    })
    let isAnswered = false
    outgoing.once("close", () => {
      if (!isAnswered) resume(Effect.fail(Unsent.forNow("the connection was closed without an answer")))
    })
    outgoing.once("response", (incoming) => {
      isAnswered = true
      // Without a listener, a connection that breaks after the headers would be an uncaught exception.
      incoming.on("error", () => {})
      resume(Effect.succeed(incoming))
    })
    outgoing.end(body)
  })

/**
 * Returns the beginning of a response's body: at most `limit` bytes, and what arrives within `time`. Never fails: of a
 * body that breaks off or does not end, what has arrived is enough, because the status is known.
 */
export const read = (
  incoming: http.IncomingMessage,
  bounds: { readonly limit: number; readonly time: Span },
): Effect.Effect<string> =>
  Effect.suspend(() => {
    const chunks: Uint8Array[] = []
    let size = 0
    return Effect.callback<void>((resume) => {
      const end = () => resume(Effect.void)
      incoming.on("data", (chunk: Uint8Array) => {
        chunks.push(chunk)
        size += chunk.length
        if (size >= bounds.limit) {
          incoming.destroy()
          end()
        }
      })
      incoming.once("end", end)
      incoming.once("close", end)
      if (incoming.destroyed) end()
    }).pipe(
      Effect.timeoutOption(bounds.time),
      Effect.map(() => new TextDecoder().decode(Buffer.concat(chunks).subarray(0, bounds.limit))),
    )
  })

type Message = Pick<NotifyRequest, "method" | "headers" | "body">

const begin = (
  { url, addresses }: Target,
  request: Message,
  body: Uint8Array | undefined,
  { signal, certificateAuthorities: ca, connections }: Options,
): http.ClientRequest => {
  const isTls = url.protocol === "https:"
  const literal = Address.ofHost(url.hostname)
  const settings: https.RequestOptions & Pick<Target, "addresses"> = {
    method: request.method,
    host: literal?.address ?? url.hostname,
    port: url.port === "" ? (isTls ? 443 : 80) : url.port,
    path: url.pathname + url.search,
    headers: framed(request, body),
    agent: (isTls ? connections?.tls : connections?.plain) ?? false,
    addresses,
    lookup: answering(addresses),
    signal,
  }
  if (!isTls) return http.request(settings)
  return https.request({
    ...settings,
    // Otherwise Node verifies the certificate against the header Host, which the user may have set.
    servername: literal === undefined ? url.hostname : "",
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
  })
}

const framed = (request: Message, body: Uint8Array | undefined): http.OutgoingHttpHeaders => {
  const hasAgent = Object.keys(request.headers).some((name) => name.toLowerCase() === "user-agent")
  return {
    ...(hasAgent ? {} : { "User-Agent": "Overdue" }),
    ...request.headers,
    ...(request.method === "GET" && body === undefined ? {} : { "Content-Length": body?.length ?? 0 }),
  }
}

/** A DNS lookup that returns only the checked addresses, so that no other address is connected to. */
const answering =
  (addresses: readonly Resolved[]): LookupFunction =>
  (_host, options, callback) => {
    const [first] = addresses
    if (options.all === true) callback(null, [...addresses])
    else callback(null, first?.address ?? "", first?.family)
  }
