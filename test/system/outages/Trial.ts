/**
 * An installation under load while its parts are killed, frozen and cut off, and what must be true of it in the end: what
 * was acknowledged is there, the record alone gives the flips, each told flip has one delivery, and each delivery arrived.
 */
import { connect } from "node:net"
import type { Store, StoreError } from "@overdue/core/Store"
import * as Postgres from "@overdue/storage/Postgres"
import * as Effect from "effect/Effect"
import { minute } from "@overdue/core/Time"
import { eventually } from "../../kit/Eventually.ts"
import * as Databases from "../../kit/postgres/Databases.ts"
import * as Receiver from "../../kit/Receiver.ts"
import * as Installation from "./Installation.ts"

/** The secret of the installation. */
export const secret = "outages".repeat(6)

/** What a server of the installation finds in its environment. */
export const environment = { OVERDUE_SECRET: secret } as const

/** An installation that is tried. */
export interface Trial {
  /** The address of its database. */
  readonly database: string
  readonly ids: readonly string[]
  /** Bodies of the pings that were answered with OK. */
  readonly acknowledged: Set<string>
  /** How often a ping was refused for now. */
  readonly refused: () => number
  /** When the last OK came, by the monotonic clock. */
  readonly lastOk: () => number
  /** What the receiver of alerts got. */
  readonly receiver: Receiver.Receiver
  /** Pings one server over some connections until `stop` is called. */
  readonly load: (url: string, connections: number, name: string) => Load
}

/** Pings on their way. */
export interface Load {
  readonly stop: () => Promise<void>
}

/** Makes an installation in a database, and the receiver of its alerts. */
export const open = async (database: string): Promise<Trial> => {
  const receiver = await Receiver.listen()
  const ids = await within(database, Installation.seed(receiver.url))
  const acknowledged = new Set<string>()
  let refused = 0
  let lastOk = performance.now()
  const heard = (status: string, body: string): void => {
    if (status === "200") {
      acknowledged.add(body)
      lastOk = performance.now()
    } else refused += 1
  }
  return {
    database,
    ids,
    acknowledged,
    refused: () => refused,
    lastOk: () => lastOk,
    receiver,
    load: (url, connections, name) => {
      const pingers = Array.from({ length: connections }, (_, index) => {
        const own = ids.filter((_, check) => check % connections === index)
        // A check fails now and then: there are flips to lose, too.
        const paths = own.flatMap((id) => [`/ping/${id}`, `/ping/${id}/fail`, `/ping/${id}/start`])
        return pinger(new URL(url), paths, `${name}-${index}`, heard)
      })
      return { stop: async () => void (await Promise.all(pingers.map(({ stop }) => stop()))) }
    },
  }
}

/** Pings over one connection after the other, as long as it is let; a refused ping is not sent again. */
const pinger = (
  url: URL,
  paths: readonly string[],
  name: string,
  heard: (status: string, body: string) => void,
) => {
  let sent = 0
  const state = { isStopped: false }
  const once = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(Number(url.port), url.hostname)
      let received = ""
      const send = (): void => {
        if (state.isStopped) return void socket.end()
        const body = `${name}-${(sent += 1)}`
        received = ""
        socket.write(
          `POST ${paths[sent % paths.length]!} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        )
      }
      socket.on("connect", send)
      socket.on("data", (chunk) => {
        received += chunk.toString("latin1")
        const [, status = "", length = "0", rest = ""] =
          /^HTTP\/1\.1 (\d{3})[^]*?content-length: (\d+)[^]*?\r\n\r\n([^]*)$/i.exec(received) ?? []
        if (status === "" || rest.length < Number(length)) return
        heard(status, `${name}-${sent}`)
        // Who is refused waits a moment, as the answer says.
        if (status === "200") send()
        else setTimeout(send, 50)
      })
      socket.on("error", () => {})
      socket.on("close", () => resolve())
    })
  const run = async (): Promise<void> => {
    while (!state.isStopped) {
      await once()
      if (!state.isStopped) await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const ended = run()
  return {
    stop: () => {
      state.isStopped = true
      return ended
    },
  }
}

/** Runs an effect on the store of an installation. */
export const within = <A>(database: string, work: Effect.Effect<A, StoreError, Store>): Promise<A> => {
  const layer = Postgres.layer({ address: Databases.address(database), patience: 60_000 })
  return Effect.runPromise(Effect.provide(work, layer))
}

/** Judges what an installation has in the end; nothing runs on it any more. */
export const judge = ({ database, ids, acknowledged, receiver }: Trial): Promise<Installation.Verdict> =>
  within(
    database,
    Installation.judge({
      ids,
      acknowledged,
      arrived: receiver.received.map(({ url }) => url.split("/")[1]!),
    }),
  )

/** Ends the leases of servers that are dead, as two minutes would. */
export const endLeases = async (database: string): Promise<void> => {
  await Databases.run(database, "UPDATE deliveries SET due_at = 0 WHERE status = 'pending' AND is_leased = 1")
}

const waiting = (database: string, condition: string) =>
  eventually(
    () =>
      Databases.run(database, `SELECT count(*) FROM deliveries WHERE status = 'pending' AND ${condition}`),
    ([row]) => row?.[0] === 0,
    5 * minute,
  )

/** Resolves when all that waits to be told is being sent, or was when a server died. */
export const sending = (database: string) => waiting(database, "is_leased = 0")

/** Resolves when nothing waits to be told any more. */
export const told = (database: string) => waiting(database, "true")

/** Resolves when a condition holds, looked at after every turn of the event loop. */
export const until = (holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => void (holds() ? resolve() : setImmediate(look))
    look()
  })
