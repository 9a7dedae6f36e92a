/**
 * Requests and answers as plain data. Routes are functions from one to the other, whichever carrier brings the request:
 * a socket of Node, a web-standard `Request`, an Effect HTTP application, or a test.
 */
import type { StoreError } from "@overdue/core/Store"
import type { Effect } from "effect/Effect"

/** The most bytes of a request's body that are read; the sender of a longer one gets a 413. */
export const longestBody = 64 * 1024 * 1024

/** The body of a request is longer than `longestBody`. */
export class BodyTooLarge extends RangeError {
  constructor() {
    super(`the body is too large: at most ${longestBody} bytes are read`)
  }
}

/** Returns an address as logs show it: an IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) as the IPv4 address. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, "")

/** A request. */
export interface Inbound {
  /** Upper case. */
  readonly method: string
  /** As the target of the request or else its `Host` header names it, with a port if that does; empty without one. */
  readonly host: string
  /** Without the query; percent-decoded only where a route says so. */
  readonly path: string
  /** Without the question mark; empty when there is none. */
  readonly query: string
  /** Returns a header; `name` is in lower case. A header that was sent several times is joined by ", ". */
  readonly header: (name: string) => string | undefined
  /** False when the request has no body, so that there is no need to read it. */
  readonly hasBody: boolean
  /**
   * Resolves with the first `limit` bytes of the body; the rest is read and dropped. Rejects with `BodyTooLarge` when
   * the client sends more than `longestBody`, and with another error when the body cannot be read to its end, because
   * the client disconnected, say. May be called once. Unless the sender `isKnown`, which is to say that they have shown
   * a key or ping a check that there is, the body has to fit into the memory that is left to strangers.
   */
  readonly body: (limit: number, isKnown?: boolean) => Promise<Body>
  /** Whether no such memory is left, so that it is worth while to find out who the sender is; by default never. */
  readonly isCrowded?: (limit: number) => boolean
  /** Whether nobody waits for the answer any more; by default never. */
  readonly isGone?: () => boolean
  /** The address of the socket's peer, whatever headers say; empty when the carrier does not know it. */
  readonly remoteAddress: string
  /** `http` or `https`. */
  readonly scheme: string
}

/** The part of a request's body that was asked for. */
export interface Body {
  readonly bytes: Uint8Array
  /** The body is longer than that. */
  readonly isCut: boolean
}

/** Headers by name in lower case. A list is sent as several headers of the same name, as `set-cookie` requires. */
export type HeaderFields = Readonly<Record<string, string | readonly string[]>>

/**
 * A body that is made while it is sent: a file, server-sent events. It is iterated at most once, as fast as the
 * client takes it, and not at all when the answer carries no content (HEAD, 204, 304): whatever it needs is opened by
 * its first `next` and closed by its end or its `return`. One that fails ends the connection. One that is silent for
 * long must send something now and then (a comment, in server-sent events), or the carrier takes its client for dead.
 */
export type BodyStream = AsyncIterable<Uint8Array>

/** An answer. */
export interface Outbound {
  readonly status: number
  readonly headers: HeaderFields
  readonly body: string | Uint8Array | BodyStream
}

/** An answer whose body is text. */
export type TextOutbound = Outbound & { readonly body: string }

/** Whether a body is streamed. */
export const isStream = (body: Outbound["body"]): body is BodyStream =>
  typeof body === "object" && Symbol.asyncIterator in body

/** Whether the answer to a request has no content, whatever its body (RFC 9110 §6.4.1). */
export const isHeadOnly = (method: string | undefined, status: number): boolean =>
  method === "HEAD" || status === 204 || status === 304

/** Answers a request by calling `done` once, at once or later. */
export type Serve = (inbound: Inbound, done: (outbound: Outbound) => void) => void

/** Answers a request in an Effect. A `StoreError` is answered with a 503, and a defect with a 500. */
export type Handler<R> = (inbound: Inbound) => Effect<Outbound, StoreError, R>

/** Returns an answer of text, sent as HTML: that is what Healthchecks does. */
export const text = (status: number, body: string, headers: HeaderFields = {}): TextOutbound => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body,
})

/** Returns an answer whose body is JSON. */
export const json = (status: number, body: unknown, headers: HeaderFields = {}): Outbound => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
})

/** Returns an answer without a body. */
export const empty = (status: number, headers: HeaderFields = {}): Outbound => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body: "",
})
