/**
 * Ping: whether a host is there. Node has no ICMP, and a program that has is a process for each round, so TCP stands in: a
 * connection that is taken or refused was answered by the host.
 */
import type { Socket } from "node:net"
import type { Attempt } from "./Attempt.ts"
import * as Connection from "./Connection.ts"
import { Failure } from "./Failure.ts"
import type { Kind } from "./Kind.ts"
import * as Limits from "./Limits.ts"

/** The kind. */
export const ping: Kind = {
  name: "ping",
  asks: "Connects by TCP to port 443, and when nothing comes back from that, to port 80; no ICMP is sent.",
  fails: "Neither port is answered; a refused connection is an answer.",
  ask: async (attempt) => {
    const { pingPorts, timeout } = attempt.means
    for (const [index, port] of pingPorts.entries()) {
      const startedAt = performance.now()
      const opening = answered(attempt, port)
      try {
        const isLast = index === pingPorts.length - 1
        await attempt.within(isLast ? timeout : Math.min(Limits.port, timeout / 3), opening)
        attempt.took("connect", startedAt)
        return
      } catch (cause) {
        if (!isSilence(cause) || index === pingPorts.length - 1) throw cause
      }
    }
  },
}

const answered = async (attempt: Attempt, port: number): Promise<Socket | undefined> => {
  try {
    return await Connection.open(attempt, { host: attempt.url.host, port })
  } catch (cause) {
    if (cause instanceof Failure && cause.reason === "connection refused") return undefined
    throw cause
  }
}

const isSilence = (cause: unknown): boolean => cause instanceof Failure && cause.reason === "timeout"
