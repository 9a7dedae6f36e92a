/**
 * Connections that are kept for a moment after an answer: in an outage a channel is told of hundreds of checks, and to
 * connect for each costs a third of all.
 *
 * A connection is used again only where a new one could lead: to the same host and port, after a look-up that found the
 * same addresses, each of which was allowed.
 */
import * as http from "node:http"
import * as https from "node:https"
import { deliveriesPerChannel } from "@overdue/core/Limits"
import type { Span } from "@overdue/core/Time"
import type { Resolved } from "./Target.ts"

/** How long a connection waits for the next request. Servers wait for longer, and are not to close it under a request. */
const idle: Span = 3_000

/** Which addresses a request may be sent to, beside Node's own options. */
interface Addressed {
  readonly addresses?: readonly Resolved[]
}

const settings: http.AgentOptions = {
  keepAlive: true,
  maxFreeSockets: deliveriesPerChannel,
  timeout: idle,
  scheduling: "lifo",
}

/** Returns a name under which connections to the same addresses are kept. */
const named = (name: string, { addresses = [] }: Addressed): string =>
  `${name} at ${addresses
    .map(({ address }) => address)
    .toSorted()
    .join()}`

class PlainAgent extends http.Agent {
  override getName(options?: http.RequestOptions & Addressed): string {
    return named(super.getName(options), options ?? {})
  }
}

class TlsAgent extends https.Agent {
  override getName(options?: https.RequestOptions & Addressed): string {
    return named(super.getName(options), options ?? {})
  }
}

/** The connections of one sender. Those that wait keep no process from ending. */
export interface Connections {
  readonly plain: http.Agent
  readonly tls: https.Agent
}

/** Returns a keeper that has none yet. */
export const make = (): Connections => ({ plain: new PlainAgent(settings), tls: new TlsAgent(settings) })
