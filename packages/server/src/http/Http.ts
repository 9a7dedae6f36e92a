/**
 * Requests and responses as plain data, so that every route is one function whatever carries it: a socket of Node, a
 * web-standard `Request`, or a test.
 */
import type { StoreError } from "@overdue/core/Store"
import type { Effect } from "effect/Effect"

export interface Inbound {
  /** Upper case. */
  readonly method: string
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

export interface Outbound {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** A route's answer. A store that cannot serve becomes a 503, a defect a 500; everything else is a response. */
export type Handler<R> = (inbound: Inbound) => Effect<Outbound, StoreError, R>

export const text = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Outbound => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body,
})

export const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Outbound => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
})

export const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Outbound => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body: "",
})
