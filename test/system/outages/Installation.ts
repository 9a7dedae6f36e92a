/** An installation that is pinged while its parts are killed: what it begins with, and what must be true of it in the end. */
import { isDeepStrictEqual } from "node:util"
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import { Store } from "@overdue/core/Store"
import * as Effect from "effect/Effect"

/** Checks, of which each connection pings its own. */
const checks = 64

/** Makes the checks, and the channel that they tell; returns their ids. */
export const seed = (receiver: string) =>
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

/** What is known of it from outside. */
export interface Witnessed {
  readonly ids: readonly string[]
  /** Bodies of the pings that were answered with OK. */
  readonly acknowledged: ReadonlySet<string>
  /** The checks of the alerts that arrived; `undefined` where nobody is told. */
  readonly arrived?: readonly string[]
}

/** Judges what an installation has in the end: every acknowledged ping, the flips that follow, and a delivery for each. */
export const judge = ({ ids, acknowledged, arrived }: Witnessed) =>
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
      if (arrived === undefined) continue
      const came = arrived.filter((check) => check === id).length
      const undelivered = deliveries.filter(
        ({ status }) => !/^(?:delivered|superseded|skipped)$/.test(status),
      )
      if (undelivered.length > 0) wrong.push(`${undelivered.length} deliveries of ${id} are not told`)
      const delivered = deliveries.filter(({ status }) => status === "delivered").length
      if (came < delivered) wrong.push(`${id}: ${came} of ${delivered} deliveries have arrived`)
    }
    const lost = [...acknowledged].filter((body) => !logged.has(body))
    if (lost.length > 0) wrong.push(`${lost.length} acknowledged pings are lost, such as ${lost[0]}`)
    const doubled = [...logged].flatMap(([body, count]) => (count > 1 ? [body] : []))
    if (doubled.length > 0) wrong.push(`${doubled.length} pings are logged twice, such as ${doubled[0]}`)
    return { wrong, pings: logged.size, flips: flipCount }
  })
