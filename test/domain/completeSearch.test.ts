import * as Check from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import * as Shown from "@overdue/core/Shown"
import { describe } from "vitest"
import { shown } from "./spec/Law.ts"
import * as StateLaws from "./StateLaws.ts"
import { Oracle, type Change } from "./Oracle.ts"
import { blindOf, worlds, type SmallWorld } from "./SmallWorld.ts"

/** Events in a row. */
const length = Number(process.env["OVERDUE_SEARCH_LENGTH"] ?? 7)

type Letter = readonly [type: Exclude<Machine.Event["type"], "silence" | "clock">, rid?: string]

/** What may happen at once or a tick later, with two run ids and none. Another failure is the same by symmetry. */
const events: readonly Letter[] = [
  ["success"],
  ["success", "a"],
  ["success", "b"],
  ["fail", "a"],
  ["start", "a"],
  ["start", "b"],
  ["log"],
  ["pause"],
  ["resume"],
  ["configure"],
]

/** Each event, and how many ticks after the one before. Silence is an event of its own. */
const moves: readonly (readonly [wait: number, letters: readonly Letter[]])[] = [
  [0, events],
  [1, events],
  [3, [["tick"]]],
]

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
          const step = Machine.step(node.check, event(letter, world), now * tick, blind)
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
            oracle.remindedAt = undefined
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

/** What a world is tried with: where only the latest run is timed, runs without an id cost little. */
const movesOf = ({ rules, other }: SmallWorld): typeof moves =>
  rules.onlyLatest && other.rules.onlyLatest
    ? moves.map(([wait, letters]) => [wait, wait > 1 ? letters : [...letters, ["start"], ["fail"]]])
    : moves

const event = ([type, rid]: Letter, world: SmallWorld): Machine.Event => {
  if (type === "configure") return { type, policy: world.other.policy }
  return type === "pause" || type === "resume" || type === "tick" ? { type } : { type, rid }
}

const tell = (waited: Oracle, [type, rid]: Letter, world: SmallWorld): Oracle => {
  const oracle = waited.copy()
  oracle.changes = [...waited.changes]
  oracle.remindedAt = waited.remindedAt
  if (type === "success" || type === "fail" || type === "start") oracle.signal(type, rid)
  else if (type === "pause") oracle.pause()
  else if (type === "resume") oracle.resume()
  else if (type === "configure") oracle.configure(world.other.rules)
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
  if (ticks(state.anchor) !== oracle.anchor) return `anchor ${state.anchor}, not ${oracle.anchor}`
  if (ticks(state.toldAt) !== oracle.toldAt) return `toldAt ${state.toldAt}, not ${oracle.toldAt}`
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
  return undefined
}

const isSame = (flip: Flip, change: Change, tick: number): boolean =>
  flip.at === change.at * tick &&
  flip.from === change.from &&
  flip.to === change.to &&
  flip.reason === change.reason &&
  flip.blind === change.isBlind

const bits = (outcomes: readonly boolean[]): number => {
  let failed = 0
  for (const isOk of outcomes) failed = ((failed << 1) | (isOk ? 0 : 1)) >>> 0
  return failed
}

/**
 * Everything that a check's future depends on, as text. What is only remembered for people is left out (a law of its own
 * says that it may be), and what lies behind every window matters only by how long ago it was.
 */
const keyOf = (
  { state, policy }: Check.Check,
  now: number,
  { tick, calm, period, memory, ...world }: SmallWorld,
): string => {
  const { anchor, toldAt, runs } = state
  const oldest = Math.min(
    now * tick,
    anchor ?? Infinity,
    toldAt ?? Infinity,
    ...runs.map((run) => run.startedAt),
  )
  const since = oldest >= calm * tick ? (now - (now % period)) * tick : 0
  const ago = (instant: number | undefined): string => (instant === undefined ? "" : String(instant - since))
  const known = Math.min(state.outcomes.count, memory)
  const failed = state.outcomes.failed & ((1 << known) - 1)
  let key = `${ago(now * tick)} ${policy === world.policy} ${state.status} ${known} ${failed} ${ago(anchor)} ${ago(toldAt)}`
  key += ` ${ago(state.deadline)}`
  for (const run of runs) key += ` ${run.rid} ${ago(run.startedAt)} ${run.overran}`
  return key
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
  const outcomes = future.outcomes.length
  const expected = future.expected()
  if (Deadline.expectedAt(check, blind) !== (expected === undefined ? undefined : expected * tick))
    return "expected"
  for (let at = now; at <= now + horizon; at++) {
    future.live(at)
    const isGrace = future.status === "up" && (future.expected() ?? Infinity) <= at
    if (at < now + 5 && Shown.statusAt(check, at * tick, blind) !== (isGrace ? "grace" : future.status))
      return "shown"
    const hasChanged = future.outcomes.length > outcomes || future.remindedAt !== undefined
    if (hasChanged)
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
