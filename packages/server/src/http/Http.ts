/**
 * Requests and responses as plain data, so that every route is one function whatever carries it: a socket of Node, a
 * web-standard `Request`, or a test.
 */
import type { StoreError } from "@overdue/core/Store"
import type { Effect } from "effect/Effect"

/** Bytes of a body after which its sender is given up. */
export const longestBody = 64 * 1024 * 1024

/** Returns an address as it is shown: that of an IPv4 client as such, though the socket listens on IPv6. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, "")

export interface Inbound {
  /** Upper case. */
  readonly method: string
  /** As the `Host` header names it, with a port if that does; empty when there is none. */
  readonly host: string
  /** Without the query; percent-decoded only where a route says so. */
  readonly path: string
  /** Without the question mark; empty when there is none. */
  readonly query: string
  /** `name` in lower case. A header that was sent several times is one, joined by ", ". */
  readonly header: (name: string) => string | undefined
  /** False when the request certainly has no body. */
  readonly hasBody: boolean
  /**
   * The first `limit` bytes of the body; the rest is read and forgotten, up to the server's bound. Rejects when the
   * sender goes away or sends more than that bound. To be called once.
   */
  readonly body: (limit: number) => Promise<Body>
  /** Of the socket's other end, not of what headers claim. */
  readonly remoteAddress: string
  /** `http` or `https`. */
  readonly scheme: string
}

export interface Body {
  readonly bytes: Uint8Array
  /** There was more than asked for. */
  readonly isCut: boolean
}

/** By name in lower case; a list is sent as so many headers of one name, as `set-cookie` needs it. */
export type HeaderFields = Readonly<Record<string, string | readonly string[]>>

/**
 * A body that is made while it is sent: a file, server-sent events. It is iterated at most once, as fast as the client
 * takes it, and not at all when the answer carries no content (HEAD, 204, 304): whatever it needs is opened by its first
 * `next` and closed by its end or its `return`. One that fails ends the connection. One that is silent for long must
 * send something now and then (a comment, in server-sent events), or the carrier takes its client for dead.
 */
export type BodyStream = AsyncIterable<Uint8Array>

export interface Outbound {
  readonly status: number
  readonly headers: HeaderFields
  readonly body: string | Uint8Array | BodyStream
}

/** An answer that is known to be text. */
export type TextOutbound = Outbound & { readonly body: string }

export const isStream = (body: Outbound["body"]): body is BodyStream =>
  typeof body === "object" && Symbol.asyncIterator in body

/** Whether an answer is its head alone (RFC 9110 §6.4.1). */
export const isHeadOnly = (method: string | undefined, status: number): boolean =>
  method === "HEAD" || status === 204 || status === 304

/** Answers a request; `done` is called once. */
export type Serve = (inbound: Inbound, done: (outbound: Outbound) => void) => void

/** A route's answer. A store that cannot serve becomes a 503, a defect a 500; everything else is a response. */
export type Handler<R> = (inbound: Inbound) => Effect<Outbound, StoreError, R>

export const text = (status: number, body: string, headers: HeaderFields = {}): TextOutbound => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body,
})

export const json = (status: number, body: unknown, headers: HeaderFields = {}): Outbound => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
})

export const empty = (status: number, headers: HeaderFields = {}): Outbound => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body: "",
})
