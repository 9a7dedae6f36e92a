import * as Check from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import * as Shown from "@overdue/core/Shown"
import { describe } from "vitest"
import { shown } from "./spec/Law.ts"
import * as StateLaws from "./StateLaws.ts"
import { Oracle, type Change, type Telling } from "./Oracle.ts"
import { blindOf, worlds, type Letter, type SmallWorld } from "./SmallWorld.ts"

/** Events in a row; `pnpm spec` looks one further, which takes six times as long. */
const length = Number(process.env["OVERDUE_SEARCH_LENGTH"] ?? 6)

/** A world as it has become, the same to the machine and to the oracle. */
interface Node {
  readonly check: Check.Check
  readonly oracle: Oracle
  readonly now: number
  /** In how many ways it is reached. */
  ways: number
}

interface Counts {
  steps: number
  states: number
  sequences: number
}

/**
 * Tries every sequence of events. Sequences that have led to the same state at the same tick have the same future, which
 * is looked at once.
 */
const search = (world: SmallWorld): Counts => {
  const { tick, origin } = world
  const blind = blindOf(world)
  const isBlindAt = (at: number): boolean => world.blind.some(([from, to]) => from <= at && at < to)
  const counts: Counts = { steps: 0, states: 1, sequences: 0 }
  const made = Check.make({
    id: "c",
    project: "p",
    badgeKey: "b",
    createdAt: origin * tick,
    policy: world.policy,
  })
  let level: readonly Node[] = [
    { check: made, oracle: new Oracle(world.rules, origin, isBlindAt), now: origin, ways: 1 },
  ]
  for (let depth = 1; depth <= length; depth++) {
    const next = new Map<string, Node>()
    for (const node of level) {
      for (const [wait, letters] of movesOf(world)) {
        const now = node.now + wait
        const waited = node.oracle.copy()
        waited.live(now)
        for (const letter of letters) {
          const oracle = tell(waited, letter, world)
          const step = Machine.step(node.check, event(letter, now, world), now * tick, blind)
          counts.steps += 1
          counts.sequences += node.ways
          const difference = compare(step, oracle, tick)
          if (difference !== undefined) throw new Error(`${difference}\n${story(node, wait, letter, step)}`)
          if (depth === length) continue
          const key = keyOf(step.check, now, world)
          const known = next.get(key)
          if (known !== undefined) known.ways += node.ways
          else {
            oracle.changes = []
            oracle.tellings = []
            next.set(key, { check: step.check, oracle, now, ways: node.ways })
          }
        }
      }
    }
    level = [...next.values()]
    counts.states += level.length
    for (const node of level) ask(node, world)
  }
  return counts
}

/** Each event, and how many ticks after the one before. Silence is an event of its own. */
const movesOf = ({ letters, leap }: SmallWorld): readonly (readonly [number, readonly Letter[]])[] => [
  [0, letters],
  [1, letters],
  [leap, [["tick"]]],
]

/** Ticks for which the checks are silenced. */
const snooze = 3

const event = ([type, more]: Letter, now: number, { other, tick }: SmallWorld): Machine.Event => {
  if (type === "configure")
    return { type, policy: other.policy, ...(more === undefined ? {} : { from: more }) }
  if (type === "silence") return { type, until: (now + snooze) * tick }
  if (type === "unsilence") return { type: "silence", until: undefined }
  if (type === "pause" || type === "resume" || type === "tick" || type === "log") return { type }
  return { type, rid: more }
}

const tell = (waited: Oracle, [type, more]: Letter, { other }: SmallWorld): Oracle => {
  const oracle = waited.copy()
  const isScheduleChanged = other.isOtherSchedule && oracle.rules !== other.rules
  if (type === "configure") oracle.configure(other.rules, more, isScheduleChanged)
  else if (type === "silence") oracle.silence(oracle.now + snooze)
  else if (type === "unsilence") oracle.silence(undefined)
  else if (type === "pause" || type === "resume") oracle[type]()
  else if (type !== "tick") oracle.signal(type, more)
  return oracle
}

/** Where machine and oracle differ after a step, in words; `undefined` when they agree. */
const compare = (step: Machine.Step, oracle: Oracle, tick: number): string | undefined => {
  const { state } = step.check
  const ticks = (instant: number | undefined): number | undefined =>
    instant === undefined ? undefined : instant / tick
  if (state.status !== oracle.status) return `status ${state.status}, not ${oracle.status}`
  if (ticks(state.lastPing) !== oracle.lastPing) return `lastPing ${state.lastPing}, not ${oracle.lastPing}`
  if (ticks(state.lastSuccess) !== oracle.lastSuccess) return "lastSuccess"
  if (ticks(state.lastDuration) !== oracle.lastDuration) return "lastDuration"
  // After several slots in one blind span, both count from something less than a tick before its end.
  if (floor(ticks(state.anchor)) !== floor(oracle.anchor))
    return `anchor ${state.anchor}, not ${oracle.anchor}`
  if (ticks(state.toldAt) !== oracle.toldAt) return `toldAt ${state.toldAt}, not ${oracle.toldAt}`
  const silenced = (until: number | undefined): number => Math.max(until ?? 0, oracle.now)
  if (silenced(ticks(state.silencedUntil)) !== silenced(oracle.silencedUntil)) return "silencedUntil"
  if (state.runs.length !== oracle.runs.length) return "runs"
  for (let index = 0; index < state.runs.length; index++) {
    const run = state.runs[index]!
    const other = oracle.runs[index]!
    if (run.rid !== other.rid || run.overran !== other.overran) return `run ${index}`
    if (ticks(run.startedAt) !== other.startedAt) return `start of run ${index}`
  }
  if (state.outcomes.count !== Math.min(32, oracle.outcomes.length)) return "count of outcomes"
  if (state.outcomes.failed !== bits(oracle.outcomes)) return "outcomes"
  if (step.flips.length !== oracle.changes.length) return "count of flips"
  for (let index = 0; index < step.flips.length; index++) {
    if (!isSame(step.flips[index]!, oracle.changes[index]!, tick)) return `flip ${index}`
  }
  const told = ({ at, occasion, flip }: Omit<Telling, "status">): string => `${occasion} of ${flip} at ${at}`
  const ours = step.tells.map((tell) => told({ ...tell, at: tell.at / tick })).join(", ")
  const theirs = inOneStep(oracle.tellings).map(told).join(", ")
  if (ours !== theirs) return `told ${ours}, not ${theirs}`
  return undefined
}

const floor = (tick: number | undefined): number | undefined =>
  tick === undefined ? undefined : Math.floor(tick)

/** Reminders that nothing lies between are one, the last, to those who hear of them together. */
const inOneStep = (tellings: readonly Telling[]): readonly Telling[] =>
  tellings.filter(
    ({ occasion }, index) => occasion !== "reminder" || tellings[index + 1]?.occasion !== "reminder",
  )

const isSame = (flip: Flip, change: Change, tick: number): boolean =>
  flip.at === change.at * tick &&
  flip.from === change.from &&
  flip.to === change.to &&
  flip.reason === change.reason &&
  flip.blind === change.isBlind &&
  flip.quiet === change.isQuiet

const bits = (outcomes: readonly boolean[]): number => {
  let failed = 0
  for (const isOk of outcomes) failed = ((failed << 1) | (isOk ? 0 : 1)) >>> 0
  return failed
}

/** What is only remembered for people. A law of its own says that nothing else depends on it. */
const remembered = new Set([
  "lastPing",
  "lastSuccess",
  "lastDuration",
  "pings",
  "flips",
  "flippedAt",
  "outcomes",
  "totals",
])

/**
 * Everything that a check's future depends on, as text: whatever else the state holds, and as many outcomes as the
 * policies look back on. What lies behind every window matters only by how long ago it was.
 */
const keyOf = (
  { state, policy }: Check.Check,
  now: number,
  { tick, calm, period, memory, origin, ...world }: SmallWorld,
): string => {
  let oldest = now * tick
  const facts = JSON.stringify(state, (name, value: unknown) => {
    if (remembered.has(name)) return undefined
    // A silence that is over is as good as none.
    if (name === "silencedUntil" && Number(value) <= now * tick) return undefined
    if (typeof value === "number" && value >= (origin - 1) * tick) oldest = Math.min(oldest, value)
    return value
  })
  const since = oldest >= calm * tick ? (now - (now % period)) * tick : 0
  // A key has one form for each difference: instants are the only numbers so large.
  const ago = facts.replaceAll(/\d{4,}/g, (instant) => `@${Number(instant) - since}`)
  const known = Math.min(state.outcomes.count, memory)
  const failed = state.outcomes.failed & ((1 << known) - 1)
  return `${now * tick - since} ${policy === world.policy} ${known} ${failed} ${ago}`
}

/** Silence that is looked at beyond every state. */
const horizon = 14

/** Asks a state for every law, and both tellers for what will come by itself. */
const ask = (node: Node, world: SmallWorld): void => {
  const { tick } = world
  const law = StateLaws.broken({ check: node.check, now: node.now * tick, tick, blind: blindOf(world) })
  const difference = law === undefined ? compareFutures(node, world) : `law ${law} is broken`
  if (difference === undefined) return
  throw new Error(
    `${difference}\n${JSON.stringify({ now: node.now, state: node.check.state }, undefined, 2)}`,
  )
}

/** Where the future that the machine foresees differs from the one that the oracle lives to see. */
const compareFutures = ({ check, oracle, now }: Node, world: SmallWorld): string | undefined => {
  const { tick } = world
  const blind = blindOf(world)
  const { deadline } = check.state
  const future = oracle.copy()
  const { rung } = future
  const expected = future.expected()
  if (Deadline.expectedAt(check, blind) !== (expected === undefined ? undefined : expected * tick))
    return "expected"
  for (let at = now; at <= now + horizon; at++) {
    future.live(at)
    const isGrace = future.status === "up" && (future.expected() ?? Infinity) <= at
    if (at < now + 5 && Shown.statusAt(check, at * tick, blind) !== (isGrace ? "grace" : future.status))
      return "shown"
    if (future.rung > rung)
      return deadline !== undefined && deadline <= at * tick ? undefined : `deadline is not ${at}`
    if (deadline !== undefined && deadline <= at * tick) return `nothing happens at the deadline`
  }
  return undefined
}

const story = (node: Node, wait: number, letter: Letter, step: Machine.Step): string =>
  JSON.stringify(
    { before: node.check.state, now: node.now, wait, letter, after: step.check.state, flips: step.flips },
    null,
    2,
  )

describe(`every sequence of up to ${length} events in a small world`, () => {
  for (const world of worlds) {
    shown(undefined, `keeps the laws and does what an observer of every tick sees: ${world.name}`, () => {
      const { steps, states, sequences } = search(world)
      const count = (number: number): string => number.toLocaleString("en-GB")
      console.log(
        `${world.name}: ${count(sequences)} sequences, ${count(states)} states, ${count(steps)} steps`,
      )
      return steps
    })
  }
})
