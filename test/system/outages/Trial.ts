/**
 * An installation under load while its parts are killed, frozen and cut off, and what must be true of it in the end: what
 * was acknowledged is there, the record alone gives the flips, each told flip has one delivery, and each delivery arrived.
 */
import { connect } from "node:net"
import { isDeepStrictEqual } from "node:util"
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import { Store, type StoreError } from "@overdue/core/Store"
import * as Postgres from "@overdue/storage/Postgres"
import * as Effect from "effect/Effect"
import { minute } from "@overdue/core/Time"
import { eventually } from "../../kit/Eventually.ts"
import * as Databases from "../../kit/postgres/Databases.ts"
import * as Receiver from "../../kit/Receiver.ts"

/** The secret of the installation. */
export const secret = "outages".repeat(6)

/** What a server of the installation finds in its environment. */
export const environment = { OVERDUE_SECRET: secret } as const

/** Checks, of which each connection pings its own. */
const checks = 64

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
  const ids = await within(database, seed(receiver.url))
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

const seed = (receiver: string) =>
  Effect.gen(function* () {
    const store = yield* Store
    const createdAt = Date.now()
    const project = {
      id: crypto.randomUUID(),
      name: "default",
      pingKey: undefined,
      badgeKey: crypto.randomUUID(),
      zone: "UTC",
      checkLimit: 500,
      pingLogLimit: 1_000_000,
      silencedUntil: undefined,
      createdAt,
    }
    yield* store.createProject({ project, keys: [] })
    const channel = crypto.randomUUID()
    yield* store.createChannel(
      Channel.make({
        id: channel,
        project: project.id,
        name: "receiver",
        kind: "webhook",
        value: { url_down: `${receiver}/$CODE/down`, url_up: `${receiver}/$CODE/up` },
        createdAt,
      }),
    )
    const made = Array.from({ length: checks }, () =>
      Check.make({
        id: crypto.randomUUID(),
        project: project.id,
        badgeKey: crypto.randomUUID(),
        createdAt,
        details: { channels: [channel] },
        policy: { runs: "latest" },
      }),
    )
    yield* store.transact({}, () => ({ result: undefined, checks: made }))
    return made.map(({ id }) => id)
  })

/** What was found in the end. */
export interface Verdict {
  readonly wrong: readonly string[]
  readonly pings: number
  readonly flips: number
}

/** Judges what an installation has in the end; nothing runs on it any more. */
export const judge = ({ database, ids, acknowledged, receiver }: Trial): Promise<Verdict> =>
  within(
    database,
    Effect.gen(function* () {
      const store = yield* Store
      const wrong: string[] = []
      const logged = new Map<string, number>()
      let flipCount = 0
      for (const id of ids) {
        const check = (yield* store.check(id))!
        const pings = (yield* store.pings(id, { limit: 1_000_000 })).toReversed()
        if (pings.some(({ n }, index) => n !== index + 1)) wrong.push(`the pings of ${id} have gaps`)
        let replayed: Check.Check = { ...check, state: Check.initialState(check.policy, check.createdAt) }
        const flips: Flip[] = []
        for (let from = 0; from < pings.length; from += 100) {
          const some = pings.slice(from, from + 100)
          const bodies = yield* store.pingBodies(
            id,
            some.map(({ n }) => n),
          )
          for (const { n, kind, rid, at } of some) {
            const body = new TextDecoder().decode(bodies.get(n))
            logged.set(body, (logged.get(body) ?? 0) + 1)
            const step = Machine.step(replayed, { type: kind, rid }, at)
            replayed = step.check
            flips.push(...step.flips)
          }
        }
        if (!isDeepStrictEqual(replayed.state, check.state))
          wrong.push(`replayed, the state of ${id} is another one`)
        const stored = (yield* store.flips(id, {})).toReversed()
        if (!isDeepStrictEqual(stored, flips)) wrong.push(`replayed, ${id} flipped otherwise`)
        flipCount += flips.length
        const told = flips.filter(({ from, to }) => !(from === "new" && to === "up")).map(({ n }) => n)
        const deliveries = yield* store.deliveries({ check: id, limit: 1_000_000 })
        const written = deliveries.map(({ flip }) => flip).sort((a, b) => a - b)
        if (!isDeepStrictEqual(written, told))
          wrong.push(`${id} has deliveries of the flips ${written.join()} in place of ${told.join()}`)
        const arrived = receiver.received.filter(({ url }) => url.startsWith(`/${id}/`)).length
        const undelivered = deliveries.filter(
          ({ status }) => !/^(?:delivered|superseded|skipped)$/.test(status),
        )
        if (undelivered.length > 0) wrong.push(`${undelivered.length} deliveries of ${id} are not told`)
        const delivered = deliveries.filter(({ status }) => status === "delivered").length
        if (arrived < delivered) wrong.push(`${id}: ${arrived} of ${delivered} deliveries have arrived`)
      }
      const lost = [...acknowledged].filter((body) => !logged.has(body))
      if (lost.length > 0) wrong.push(`${lost.length} acknowledged pings are lost, such as ${lost[0]}`)
      const doubled = [...acknowledged].filter((body) => (logged.get(body) ?? 0) > 1)
      if (doubled.length > 0) wrong.push(`${doubled.length} pings are logged twice, such as ${doubled[0]}`)
      return { wrong, pings: logged.size, flips: flipCount }
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
