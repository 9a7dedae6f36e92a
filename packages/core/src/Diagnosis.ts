/** Diagnosis: why a ping or a flip is what it is, as a stable code with facts, and as a sentence. */
import type { Alert } from "./Alert.ts"
import type { Policy, Run } from "./Check.ts"
import * as CountedTime from "./CountedTime.ts"
import * as Deadline from "./Deadline.ts"
import type { Code, Finding, Remark } from "./diagnosis/Finding.ts"
import * as Nearness from "./diagnosis/Nearness.ts"
import * as Offset from "./diagnosis/Offset.ts"
import { sentence } from "./diagnosis/Sentence.ts"
import type { Flip } from "./Flip.ts"
import * as Limits from "./Limits.ts"
import * as Runs from "./machine/Runs.ts"
import * as Signal from "./Signal.ts"
import type { Ping } from "./Ping.ts"
import * as Probe from "./Probe.ts"
import * as ProbeRefusal from "./probe/ProbeRefusal.ts"
import * as Rounds from "./probe/Rounds.ts"
import type { State } from "./State.ts"
import { day, type Instant } from "./Time.ts"

export type { Code, Finding, Remark } from "./diagnosis/Finding.ts"
export { sentence } from "./diagnosis/Sentence.ts"

/** What the diagnosis uses of a ping. */
export type Known = Pick<
  Ping,
  "at" | "kind" | "rid" | "duration" | "exitStatus" | "method" | "scheme" | "extension"
>

/** What a diagnosis is made from. */
export interface Case {
  /** The present policy. What was decided under an older one may be explained wrongly. */
  readonly policy: Policy
  /** Whether the check is of a server that reports; by default it is not. */
  readonly isServer?: boolean
  /** The pings of the check up to the one in question, newest first. More of them can explain more. */
  readonly pings: readonly Known[]
  /**
   * When the check was made; given only when `pings` has every ping up to the one in question. Without it, a check of
   * which no signal is known may have had some.
   */
  readonly createdAt?: Instant
  /** Spans in which no node was awake; by default none. */
  readonly blind?: Deadline.Blind
  /**
   * The text that filters searched in the newest ping: its body, or its subject and text. Without it, nothing is said
   * about filters.
   */
  readonly text?: string
}

/**
 * Returns why a check went down, as far as the last signal tells, which the alert carries. `ofFlip` can say more,
 * because it sees the pings before that one.
 */
export const ofAlert = (
  { at, check, lastPing, outage, status }: Alert,
  known: Pick<Case, "blind" | "text">,
): readonly Remark[] => {
  const { policy } = check
  const soon = remarks(expiring(check, at), policy)
  if (status !== "down" || outage?.since === undefined || outage.reason === undefined) return soon
  const { since, reason, rid } = outage
  const pings = lastPing !== undefined && lastPing.at <= since ? [lastPing] : []
  // A success is remembered for ever, a failure until somebody resumes the check, also when their pings are pruned.
  const isHeard = lastPing !== undefined || (check.state.lastPing ?? check.state.lastSuccess) !== undefined
  const never = isHeard ? {} : { createdAt: check.createdAt }
  const found = ofFlip({ ...known, ...never, policy, pings }, { at: since, reason, rid })
  return [...remarks(found, policy), ...soon]
}

/** Returns what expires so soon that a reminder of it is due. */
export const expiring = ({ policy, state }: Alert["check"], now: Instant): readonly Finding[] =>
  ProbeRefusal.expiring.flatMap((what): readonly Finding[] => {
    const at = Probe.expiresAt(state.probing?.last?.results ?? [], what)
    const days = Math.max(-1, ...(policy.probe?.remind[what] ?? []))
    return at !== undefined && at - now <= days * day ? [{ code: "expires", what, at, now }] : []
  })

/** Returns findings with their sentences. */
export const remarks = (findings: readonly Finding[], policy: Policy): readonly Remark[] =>
  findings.map((finding) => ({ code: finding.code, text: sentence(finding, policy) }))

/** Returns the findings about the newest ping of a case; none about a ping that is as expected. */
export const ofPing = (self: Case): readonly Finding[] => {
  const [ping, ...older] = self.pings
  if (ping === undefined) return []
  const round = Rounds.ofPing(ping)
  const failures = round && Rounds.failures(round)
  if (failures !== undefined) return [{ code: "probe", failures }]
  const found: (Finding | undefined)[] = [...ofMeaning(self, ping)]
  if (ping.kind === "start") found.push(ofStart(self, ping, older))
  if (ping.kind === "success" || ping.kind === "fail") {
    found.push(ofDuration(self, ping), ofTime(self, ping, older))
  }
  return found.filter((finding) => finding !== undefined)
}

/**
 * Returns the findings about a flip. The newest ping of the case must be the one that caused the flip or, if none did,
 * the last one before it.
 */
export const ofFlip = (self: Case, flip: Pick<Flip, "at" | "reason" | "rid">): readonly Finding[] => {
  const { policy, pings } = self
  switch (flip.reason) {
    case "fail":
    case "too-short":
      return pings[0]?.at === flip.at ? ofPing(self).filter(({ code }) => !ofTiming.has(code)) : []
    case "overran": {
      const allowed = policy.maxRuntime ?? policy.grace
      return allowed === "never" ? [] : [{ code: "overran", by: 0, allowed, rid: flip.rid }]
    }
    case "missed":
      return ofMiss(self, flip.at)
    case "success":
    case "paused":
    case "resumed":
      return []
  }
}

/** Returns what there is to say of a check whatever became of it: that nothing can be said of its target. */
export const ofProbing = ({ probing }: Pick<State, "probing">): readonly Finding[] =>
  probing?.unjudged === undefined ? [] : [{ code: "unjudged", ...probing.unjudged }]

/** When a signal came is no reason why a job failed, and misleads whoever looks for that. */
const ofTiming: ReadonlySet<Code> = new Set(["too-early", "another-zone", "duplicate-run"])

const ofMeaning = ({ policy, isServer, text }: Case, ping: Known): readonly Finding[] => {
  const { filters, methods } = policy
  const isHttp = ping.scheme === "http" || ping.scheme === "https"
  if (isHttp && methods.length > 0 && !methods.includes(ping.method)) {
    return [{ code: "method", method: ping.method }]
  }
  const isFiltered = isHttp ? filters.httpBody : ping.scheme === "email" && (filters.subject || filters.body)
  if (isFiltered && text !== undefined) {
    const { keyword, kind } = Signal.byKeyword(filters, text)
    if (kind === ping.kind) return [{ code: "filtered", keyword, kind }]
  }
  if (ping.kind === "ignored" && isServer === true) return [{ code: "server" }]
  if (ping.kind === "ignored" && policy.probe !== undefined) return [{ code: "asked" }]
  if (ping.kind === "ignored" && policy.manualResume) return [{ code: "paused" }]
  return ping.kind === "fail" && ping.exitStatus !== undefined && ping.exitStatus !== 0
    ? [{ code: "exit-status", exitStatus: ping.exitStatus }]
    : []
}

/** Finds a run that was open, and had not overrun, when another one started. */
const ofStart = ({ policy, blind }: Case, ping: Known, older: readonly Known[]): Finding | undefined => {
  let open: readonly Run[] = Runs.none
  for (const { kind, rid, at } of older.toReversed()) {
    if (kind === "start") open = Runs.begin(open, policy, { rid, at }).runs
    else if (kind === "success" || kind === "fail" || kind === "cancel")
      open = Runs.finish(open, policy, { type: kind, rid }).runs
  }
  const run = open.findLast((run) => ping.at < (Deadline.overrunAt(policy, run, blind) ?? Infinity))
  return run === undefined
    ? undefined
    : { code: "duplicate-run", since: run.startedAt, rid: run.rid, isOpen: true }
}

const ofDuration = ({ policy, blind = [] }: Case, { at, rid, duration }: Known): Finding | undefined => {
  if (duration === undefined) return undefined
  const { minRuntime, maxRuntime = policy.grace, quiet } = policy
  if (minRuntime !== undefined && duration < minRuntime) {
    return { code: "too-short", duration, minimum: minRuntime }
  }
  if (maxRuntime === "never") return undefined
  const by = CountedTime.between({ quiet, blind }, at - duration, at) - maxRuntime
  return by > 0 ? { code: "overran", by, allowed: maxRuntime, rid } : undefined
}

/** Finds that a success or failure came at a time at which none was expected, judged by the signals before it. */
const ofTime = (self: Case, ping: Known, older: readonly Known[]): Finding | undefined => {
  const { policy } = self
  const { schedule, grace } = policy
  const { at } = ping
  const other = elsewhere(self, [ping, ...older])
  const [last] = lastSignals(older, 1)
  if (other !== undefined || last === undefined) return other
  const slot = Deadline.slotAfter(policy, last.at, true)
  if (slot === undefined || slot <= at) return undefined
  const by = slot - at
  // A period is counted from the last signal, and jobs jitter: a signal is early when it is earlier by more than grace.
  if (schedule.kind === "every") return by > grace ? { code: "too-early", by, slot } : undefined
  // The policy takes a signal that comes so little early for one of the slot.
  if (Deadline.slotAfter(policy, at, true) !== slot) return undefined
  // Nothing is expected at a waived slot, but a job may keep to it, at its end or its start.
  if ([at, beganAt(ping)].some((at) => Nearness.isOfWaived(policy, last.at, slot, at))) return undefined
  if (by < at - last.at) return { code: "too-early", by, slot }
  // A long run that ended after the next slot does not make the run of that slot a second one.
  const own = Deadline.slotAfter({ ...policy, quiet: [] }, beganAt(last), true)
  return own !== undefined && own <= beganAt(ping)
    ? undefined
    : { code: "duplicate-run", since: last.at, rid: last.rid, isOpen: false }
}

/** Finds the slot that was missed, and what the last signal says about that, or that there never was one. */
const ofMiss = (self: Case, flipAt: Instant): readonly Finding[] => {
  const { pings, createdAt } = self
  const [last] = lastSignals(pings, 1)
  if (last === undefined) {
    if (createdAt === undefined) return []
    const missed = missedSlot(self, createdAt, false, flipAt)
    // The check may have been armed, or its policy changed, long after it was made.
    const isKnown = missed !== undefined && missed.late === flipAt
    return [...(isKnown ? [missed.finding] : []), { code: "never-heard", createdAt }]
  }
  const missed = missedSlot(self, last.at, true, flipAt)
  if (missed === undefined) return []
  const early = missed.isFirst ? ofEarly(self.policy, last, missed.finding.slot) : undefined
  const other = elsewhere(self, pings)
  // A row of signals says by how much each of them was early. A single one may fit another zone by chance.
  const why = other?.row === undefined ? [early, other] : [other]
  return [missed.finding, ...why.filter((finding) => finding !== undefined)]
}

/** A slot that was missed. */
interface Missed {
  readonly finding: Extract<Finding, { code: "missed-slot" }>
  /** When it was missed: after grace. */
  readonly late: Instant
  /** Whether no slot was missed before it. */
  readonly isFirst: boolean
}

/** Returns the first slot counted from `from` that can have taken a check down at `flipAt`. */
const missedSlot = (
  { policy, blind = [] }: Case,
  from: Instant,
  isSignal: boolean,
  flipAt: Instant,
): Missed | undefined => {
  const { quiet, grace } = policy
  const stops = { quiet, blind }
  let anchor = from
  // Before the slot that took the check down there may be misses that the alert policy tolerated.
  for (let slots = 0; slots <= Limits.outcomes; slots++) {
    const isFirst = slots === 0
    const slot = Deadline.slotAfter(policy, anchor, isFirst && isSignal)
    if (slot === undefined) return undefined
    const late = CountedTime.advance(stops, slot, grace)
    if (late >= flipAt) {
      const expected = CountedTime.outside(stops, slot)
      return { finding: { code: "missed-slot", slot, expected, grace }, late, isFirst }
    }
    anchor = slot
  }
  return undefined
}

/** Finds that a signal came shortly before a slot, and not for a slot before that. */
const ofEarly = ({ schedule, grace }: Policy, signal: Known, slot: Instant): Finding | undefined => {
  const by = slot - signal.at
  const isOfEarlier = (at: Instant): boolean => Nearness.isNearerToEarlier(schedule, at, slot)
  return schedule.kind === "every" || by > grace || isOfEarlier(signal.at) || isOfEarlier(beganAt(signal))
    ? undefined
    : { code: "too-early", by, slot }
}

type Elsewhere = Extract<Finding, { code: "another-zone" }>

/**
 * Finds that the last signal, far from any slot, would be near one in another time zone; or that the last few would,
 * each of them late within grace.
 */
const elsewhere = ({ policy }: Case, pings: readonly Known[]): Elsewhere | undefined => {
  const signals = lastSignals(pings, Limits.zoneSignals).map(beganAt)
  const found = signals[0] === undefined ? undefined : Offset.find(policy, signals[0])
  if (found !== undefined) return { code: "another-zone", ...found }
  const repeated = signals.length < Limits.zoneSignals ? undefined : Offset.repeated(policy, signals)
  if (repeated === undefined) return undefined
  const { slot, offset, lateBy } = repeated
  return { code: "another-zone", slot, offset, row: { signals: signals.length, lateBy } }
}

/** Returns the newest successes and failures, at most `count`. */
const lastSignals = (pings: readonly Known[], count: number): readonly Known[] => {
  const found: Known[] = []
  for (const ping of pings) {
    if (found.length === count) break
    if (ping.kind === "success" || ping.kind === "fail") found.push(ping)
  }
  return found
}

/** Returns when the run of a signal began, as far as that is known: jobs follow the clock with their starts. */
const beganAt = ({ at, duration = 0 }: Known): Instant => at - duration
