/**
 * A simulation: months of an installation under a virtual clock. Jobs ping, people change their minds, processes die,
 * freeze and have wrong clocks, the store and the notifier fail; in the end the laws hold, or a seed tells why not.
 *
 * Deterministic: the same seed and size give the same history, to the last retry.
 */
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import { day, minute, type Instant } from "@overdue/core/Time"

import type * as Engine from "@overdue/engine/Engine"
import * as Pause from "@overdue/engine/commands/Pause"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Resume from "@overdue/engine/commands/Resume"
import * as Silence from "@overdue/engine/commands/Silence"
import * as Update from "@overdue/engine/commands/Update"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { createHash } from "node:crypto"
import * as Arrival from "../../kit/Arrival.ts"
import { SeededRandom } from "../../kit/SeededRandom.ts"
import { Journal } from "./Journal.ts"
import * as HistoryLaws from "./HistoryLaws.ts"
import * as Node from "./Node.ts"
import { Punctuality } from "./Punctuality.ts"
import * as Workload from "./Workload.ts"

export interface Outcome {
  readonly seed: number
  readonly violations: readonly HistoryLaws.Violation[]
  readonly counts: {
    readonly pings: number
    readonly acknowledged: number
    readonly flips: number
    readonly blindFlips: number
    readonly deliveries: number
    readonly arrivals: number
    readonly blindSpans: number
    /** How often what was recorded ahead of a clock that was set back was cut. */
    readonly cuts: number
    /** Alerts that had to arrive soon although a clock was wrong when they were decided. */
    readonly underWrongClock: number
  }
  /** What led to the first violation, a few lines. */
  readonly story: readonly string[]
  /** Of everything that happened: two histories with the same digest are the same. */
  readonly digest: string
}

const project = "00000000-0000-4000-8000-000000000000"
const channels = ["ops", "boss"]

export const run = (seed: number, size: Workload.Size): Promise<Outcome> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.provideService(
        Effect.provide(simulate(seed, size), TestClock.layer({ warningDelay: "10 minutes" })),
        References.MinimumLogLevel,
        "None",
      ),
    ),
  )

const simulate = Effect.fnUntraced(function* (seed: number, size: Workload.Size) {
  const random = new SeededRandom(seed)
  const workload = Workload.make(random.fork(), size)
  yield* TestClock.setTime(workload.from)
  const store = Context.get(yield* Layer.build(MemoryStore.layer), Store.Store)
  const journal = new Journal()
  const surroundings: Node.Surroundings = {
    store,
    random: random.fork(),
    journal,
    clock: yield* Clock.Clock,
    arrived: [],
    punctuality: new Punctuality(),
    storeRefuses: false,
    notifierRefuses: false,
    isCalm: false,
  }
  const checks = yield* furnish(store, journal, workload)
  const cluster = new Cluster(surroundings, checks)
  for (let node = 0; node < size.nodes; node++) yield* cluster.inflict({ type: "start", node })
  for (const { at, check, action, fault } of workload.moments) {
    yield* TestClock.setTime(Math.max(at, surroundings.clock.currentTimeMillisUnsafe()))
    if (fault !== undefined) yield* cluster.inflict(fault)
    if (check !== undefined && action !== undefined) yield* cluster.act(checks[check]!, action)
  }
  yield* cluster.calm(size)
  return yield* verdict(seed, cluster)
})

/** A project with channels, and the checks of the workload. */
const furnish = Effect.fnUntraced(function* (
  store: Store.Store["Service"],
  journal: Journal,
  workload: Workload.Workload,
) {
  const at = { createdAt: workload.from }
  yield* store.createProject({
    project: {
      ...at,
      id: project,
      name: "",
      pingKey: undefined,
      badgeKey: "",
      zone: "UTC",
      checkLimit: 10_000,
      pingLogLimit: 1_000_000,
      silencedUntil: undefined,
    },
    keys: [],
  })
  for (const id of channels) {
    yield* store.createChannel(Channel.make({ ...at, id, project, name: id, kind: "test", value: {} }))
  }
  const checks = workload.policies.map((policy, index) =>
    Check.make({
      ...at,
      id: `check-${index}`,
      badgeKey: `badge-${index}`,
      project,
      policy,
      details: { channels },
    }),
  )
  yield* store.transact({}, () => ({ result: undefined, checks }))
  for (const check of checks) journal.made(check)
  return checks.map(({ id }) => id)
})

class Cluster {
  readonly surroundings: Node.Surroundings
  readonly checks: readonly string[]
  readonly acknowledged = new Map<string, number[]>()
  pings = 0
  readonly #nodes: (Node.Node | undefined)[] = []

  constructor(surroundings: Node.Surroundings, checks: readonly string[]) {
    this.surroundings = surroundings
    this.checks = checks
  }

  get now(): Instant {
    return this.surroundings.clock.currentTimeMillisUnsafe()
  }

  note(text: string, check?: string): void {
    this.surroundings.journal.note(this.now, text, check)
  }

  inflict(fault: Workload.Fault): Effect.Effect<void, Store.StoreError> {
    const { surroundings } = this
    this.note(JSON.stringify(fault))
    surroundings.punctuality.inflicted(fault, this.now)
    switch (fault.type) {
      case "start": {
        if (this.#nodes[fault.node] !== undefined) return Effect.void
        return Effect.map(Node.start(surroundings), (node) => {
          this.#nodes[fault.node] = node
        })
      }
      case "kill": {
        const node = this.#nodes[fault.node]
        if (node !== undefined) node.condition.isDead = true
        this.#nodes[fault.node] = undefined
        return Effect.void
      }
      case "freeze":
        this.#nodes[fault.node]?.condition.thawed.closeUnsafe()
        return Effect.void
      case "thaw":
        this.#nodes[fault.node]?.condition.thawed.openUnsafe()
        return Effect.void
      case "clock": {
        const node = this.#nodes[fault.node]
        if (node !== undefined) node.condition.ahead = fault.ahead
        return Effect.void
      }
      case "store":
        surroundings.storeRefuses = fault.refuses
        return Effect.void
      case "notifier":
        surroundings.notifierRefuses = fault.refuses
        return Effect.void
    }
  }

  act(check: string, action: Workload.Action): Effect.Effect<void> {
    const node = this.surroundings.random.pick(this.#nodes)
    if (node === undefined) {
      this.note(`nobody is there for ${action.type}`, check)
      return Effect.void
    }
    if (action.type === "ping") return this.#ping(node, check, action)
    const command = commandOf(check, action)
    return Effect.andThen(
      Effect.forkDetach(
        node.run(
          Effect.matchCause(command, {
            onSuccess: () => this.note(action.type, check),
            onFailure: () => this.note(`${action.type} was refused`, check),
          }),
          action,
        ),
      ),
      settle,
    )
  }

  #ping(
    node: Node.Node,
    check: string,
    { kind, rid }: Extract<Workload.Action, { type: "ping" }>,
  ): Effect.Effect<void> {
    this.pings += 1
    const arrival = Arrival.overHttp({ id: check }, kind, rid)
    Context.get(node.services, Receive.Receive).submit(arrival, (exit) => {
      this.note(`${kind} ${rid ?? ""} ${Exit.isSuccess(exit) ? "OK" : "refused"}`, check)
      if (!Exit.isSuccess(exit)) return
      const numbers = this.acknowledged.get(check) ?? []
      numbers.push(exit.value.n)
      this.acknowledged.set(check, numbers)
    })
    return settle
  }

  /** Everything works again, for long enough that whatever is owed is paid. */
  calm({ nodes }: Workload.Size): Effect.Effect<void, Store.StoreError> {
    return Effect.gen({ self: this }, function* () {
      this.surroundings.isCalm = true
      this.note("all is well again")
      for (let node = 0; node < nodes; node++) {
        yield* this.inflict({ type: "thaw", node })
        yield* this.inflict({ type: "clock", node, ahead: 0 })
        yield* this.inflict({ type: "start", node })
      }
      yield* TestClock.setTime(this.now + 2 * day)
      // What falls due at last is still settled and told, within an hour as everything else.
      for (let waited = 0; waited < 60 && (yield* this.#owes); waited++) {
        yield* TestClock.setTime(this.now + minute)
      }
    })
  }

  /** Whether anything is due that no node has settled, or waits to be told. */
  get #owes(): Effect.Effect<boolean, Store.StoreError> {
    const { store } = this.surroundings
    return Effect.map(
      Effect.all([store.due(this.now, 1), store.activity]),
      ([due, { pending }]) => due.length > 0 || pending > 0,
    )
  }
}

const commandOf = (
  id: string,
  action: Exclude<Workload.Action, { type: "ping" }>,
): Effect.Effect<void, unknown, Engine.Services> => {
  switch (action.type) {
    case "pause":
      return Effect.asVoid(Pause.run({ project, id }))
    case "resume":
      return Effect.asVoid(Resume.run({ project, id }))
    case "configure": {
      const { policy } = action
      return Effect.asVoid(
        Update.run({ project, id, plan: ({ details }) => Result.succeed({ details, policy }) }),
      )
    }
    case "silence":
      return Effect.asVoid(Silence.run({ project, which: { id }, until: action.until }))
  }
}

/** Lets what was begun get as far as it does at this moment. */
const settle = Effect.repeat(Effect.yieldNow, { times: 4 }).pipe(Effect.asVoid)

const verdict = Effect.fnUntraced(function* (seed: number, cluster: Cluster) {
  const { store, journal, arrived, punctuality } = cluster.surroundings
  const blind = yield* store.blind
  const violations: HistoryLaws.Violation[] = journal.unexplained.map(({ check, at }) => ({
    law: 4,
    check,
    at,
    what: "something was written, and no event explains it",
  }))
  const lives = [...journal.lives.values()]
  const byCheck = Map.groupBy(arrived, (id) => id.slice(0, id.indexOf(".")))
  for (const id of cluster.checks) {
    const stored = yield* store.check(id)
    violations.push(
      ...HistoryLaws.violations({
        life: journal.lives.get(id)!,
        stored: stored!,
        blind,
        now: cluster.now,
        acknowledged: cluster.acknowledged.get(id) ?? [],
        arrived: byCheck.get(id) ?? [],
      }),
    )
  }
  const flips = lives.flatMap((life) => life.flips)
  const { late, underWrongClock } = punctuality.judge(cluster.now)
  for (const { id, at } of late) {
    const check = id.slice(0, id.indexOf("."))
    violations.push({ law: 18, check, at, what: `${id} was not told within an hour of being decided` })
  }
  return {
    seed,
    violations,
    counts: {
      pings: cluster.pings,
      acknowledged: [...cluster.acknowledged.values()].reduce((sum, { length }) => sum + length, 0),
      flips: flips.length,
      blindFlips: flips.filter((flip) => flip.blind).length,
      deliveries: lives.reduce((sum, life) => sum + life.deliveries.length, 0),
      arrivals: arrived.length,
      blindSpans: blind.length,
      cuts: lives.reduce(
        (sum, { happened }) => sum + happened.filter(({ event }) => event.type === "clock").length,
        0,
      ),
      underWrongClock,
    },
    story: storyOf(journal, violations[0]),
    digest: digestOf(journal, arrived),
  } satisfies Outcome
})

const digestOf = ({ lines, lives }: Journal, arrived: readonly string[]): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        lines,
        [...lives.values()].map(({ flips, deliveries }) => [flips, deliveries]),
        arrived,
      ]),
    )
    .digest("hex")

/** The last lines before it showed that are about the check, or about the world. */
const storyOf = (
  { lines, lives }: Journal,
  violation: HistoryLaws.Violation | undefined,
): readonly string[] => {
  if (violation === undefined) return []
  const { check, at = Infinity } = violation
  const flips = lives.get(check)!.flips.map((flip) => ({
    at: flip.at,
    check,
    text: `flip ${flip.n} ${flip.from}→${flip.to} ${flip.reason}${flip.blind ? " (blind)" : ""}`,
  }))
  return [...lines.filter((line) => line.check === check || line.check === undefined), ...flips]
    .filter((line) => line.at <= at + 6 * 60 * minute)
    .toSorted((one, other) => one.at - other.at)
    .slice(-40)
    .map((line) => `${new Date(line.at).toISOString()} ${line.text}`)
}
