/** A small engine for tests: the memory store, counted ids, a notifier that records, and the test clock. */
import type { Told as AllTold, ToldAlert } from "@overdue/core/Alert"
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import { Notifier, type Verdict } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import * as Projects from "@overdue/engine/commands/Projects"
import * as Receive from "@overdue/engine/commands/Receive"
import { Ids } from "@overdue/engine/Ids"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Engine from "@overdue/engine/Engine"
import type { Settings } from "@overdue/engine/Settings"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Arrival from "./Arrival.ts"

export interface Told {
  readonly alert: ToldAlert
  readonly channel: Channel.Channel
  readonly othersDown: number
}

/** A verdict, what comes to one, perhaps after a while, or a notifier that never does. */
export type Answer = Verdict | ((told: AllTold) => Verdict) | Effect.Effect<Verdict> | "silence"

/** A notifier of the kind `test` that answers with the verdicts of a list, the last one over and over. */
export const notifier = (
  told: Told[],
  answers: readonly Answer[] = [{ type: "delivered" }],
  { takesSeveral = false, messages = [] }: { takesSeveral?: boolean; messages?: number[] } = {},
) =>
  Layer.succeed(Notifier, {
    kinds: [{ kind: "test", title: "Test", documentation: "", value: {}, takesSeveral }],
    parse: (_, value) => Result.succeed(value),
    notify: (message, channel) =>
      Effect.suspend(() => {
        const { alerts, othersDown } = message
        for (const alert of alerts) told.push({ alert, channel, othersDown })
        messages.push(alerts.length)
        const answer = answers[Math.min(messages.length, answers.length) - 1]!
        if (answer === "silence") return Effect.never
        if (Effect.isEffect(answer)) return answer
        return Effect.succeed(typeof answer === "function" ? answer(message) : answer)
      }),
  })

/** Ids that count: 1, 2, 3 … as UUIDs. */
const countedIds = Layer.sync(Ids, () => {
  let count = 0
  return { next: () => `00000000-0000-4000-8000-${String(++count).padStart(12, "0")}` }
})

export const layer = (
  options: {
    readonly told?: Told[]
    readonly verdicts?: readonly Answer[]
    readonly store?: Layer.Layer<Store.Store, Store.StoreError>
    readonly settings?: Partial<Settings>
    /** The kind tells several alerts in one message; their numbers are noted in `messages`. */
    readonly takesSeveral?: boolean
    readonly messages?: number[]
    /** Sweeper and outbox run by themselves. */
    readonly loops?: boolean
  } = {},
) => {
  const parts = {
    store: options.store ?? MemoryStore.layer,
    notifiers: notifier(options.told ?? [], options.verdicts, options),
    // Half as often as by default: test clocks go through hours, and each look takes a moment of the test.
    settings: { sweepEvery: 200, ...options.settings },
  }
  return (options.loops === true ? Engine.layer(parts) : Engine.still(parts)).pipe(
    Layer.provideMerge(countedIds),
  )
}

/** A project of its own, with one channel, and a check that tells it. */
export const furnish = Effect.fnUntraced(function* (
  policy: Partial<Check.Policy> = {},
  details: Partial<Check.Details> = {},
  switches: Partial<Channel.Switches> = {},
) {
  const store = yield* Store.Store
  const ids = yield* Ids
  const project = yield* Projects.create({ name: `test ${ids.next()}` })
  const channel = Channel.make({
    id: ids.next(),
    project: project.id,
    name: "ops",
    kind: "test",
    value: {},
    switches,
    createdAt: 0,
  })
  yield* store.createChannel(channel)
  const check = Check.make({
    id: ids.next(),
    project: project.id,
    badgeKey: ids.next(),
    createdAt: 0,
    policy,
    details: { channels: [channel.id], ...details },
  })
  yield* store.transact({}, () => ({ result: undefined, checks: [check] }))
  return { project, channel, check }
})

export const ping = Effect.fnUntraced(function* (target: Receive.Target, action?: Arrival.Action) {
  const receive = yield* Receive.Receive
  return yield* receive.receive(Arrival.overHttp(target, action))
})
