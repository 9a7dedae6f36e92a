/** Diagnosis: why a ping or a flip is what it is, as a stable code with facts, and as a sentence. */
import type { Alert } from "./Alert.ts"
import type { Policy, Run } from "./Check.ts"
import * as CountedTime from "./CountedTime.ts"
import * as Deadline from "./Deadline.ts"
import type { Finding, Remark } from "./diagnosis/Finding.ts"
import * as Offset from "./diagnosis/Offset.ts"
import * as ZoneExamples from "./diagnosis/ZoneExamples.ts"
import type { Flip } from "./Flip.ts"
import * as Limits from "./Limits.ts"
import * as Runs from "./machine/Runs.ts"
import * as Schedule from "./Schedule.ts"
import * as Signal from "./Signal.ts"
import type { Kind, Ping } from "./Ping.ts"
import type { Instant } from "./Time.ts"
import * as Wording from "./Wording.ts"
import type * as Zone from "./Zone.ts"

export type { Code, Finding, Remark } from "./diagnosis/Finding.ts"

/** What the diagnosis uses of a ping. */
export type Known = Pick<Ping, "at" | "kind" | "rid" | "duration" | "exitStatus" | "method" | "scheme">

/** What a diagnosis is made from. */
export interface Case {
  /** The present policy. What was decided under an older one may be explained wrongly. */
  readonly policy: Policy
  /** The pings of the check up to the one in question, newest first. More of them can explain more. */
  readonly pings: readonly Known[]
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
  { check, lastPing, outage, status }: Alert,
  known: Pick<Case, "blind" | "text">,
): readonly Remark[] => {
  if (status !== "down" || outage?.since === undefined || outage.reason === undefined) return []
  const { policy } = check
  const { since: at, reason, rid } = outage
  const pings = lastPing !== undefined && lastPing.at <= at ? [lastPing] : []
  return remarks(ofFlip({ ...known, policy, pings }, { at, reason, rid }), policy)
}

/** Returns findings with their sentences. */
export const remarks = (findings: readonly Finding[], policy: Policy): readonly Remark[] =>
  findings.map((finding) => ({ code: finding.code, text: sentence(finding, policy) }))

/** Returns the findings about the newest ping of a case; none about a ping that is as expected. */
export const ofPing = (self: Case): readonly Finding[] => {
  const [ping, ...older] = self.pings
  if (ping === undefined) return []
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
      return pings[0]?.at === flip.at ? ofPing(self) : []
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

const ofMeaning = ({ policy, text }: Case, ping: Known): readonly Finding[] => {
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
    else if (kind === "success" || kind === "fail") open = Runs.finish(open, policy, { type: kind, rid }).runs
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
  if (by < at - last.at) return { code: "too-early", by, slot }
  // A long run that ended after the next slot does not make the run of that slot a second one.
  const own = Schedule.next(schedule, beganAt(last))
  return own !== undefined && own <= beganAt(ping)
    ? undefined
    : { code: "duplicate-run", since: last.at, rid: last.rid, isOpen: false }
}

/** Finds the slot that was missed, and whether the last signal was meant for it. */
const ofMiss = (self: Case, flipAt: Instant): readonly Finding[] => {
  const { policy, pings, blind } = self
  const [last] = lastSignals(pings, 1)
  if (last === undefined) return []
  let anchor = last.at
  // Between the last signal and the slot that took the check down there may be misses that the alert policy tolerated.
  for (let slots = 0; slots <= Limits.outcomes; slots++) {
    const slot = Deadline.slotAfter(policy, anchor, slots === 0)
    if (slot === undefined) return []
    const stops = { quiet: policy.quiet, blind: blind ?? [] }
    const late = CountedTime.advance(stops, slot, policy.grace)
    if (late !== undefined && late >= flipAt) {
      const expected = CountedTime.outside(stops, slot) ?? slot
      const missed: Finding = { code: "missed-slot", slot, expected, grace: policy.grace }
      const by = slot - last.at
      const isEarly = policy.schedule.kind !== "every" && slots === 0 && by <= policy.grace
      return [missed, isEarly ? ({ code: "too-early", by, slot } as const) : elsewhere(self, pings)].filter(
        (finding) => finding !== undefined,
      )
    }
    anchor = slot
  }
  return []
}

/**
 * Finds that the last signal, far from any slot, would be near one in another time zone; or that the last few would,
 * each of them late within grace.
 */
const elsewhere = ({ policy }: Case, pings: readonly Known[]): Finding | undefined => {
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

/** Returns a finding as a sentence, with instants on the wall clock of the check's zone. */
export const sentence = (finding: Finding, policy: Policy): string => {
  const zone = Schedule.zoneOf(policy.schedule)
  const when = (at: Instant): string => Wording.instant(at, zone)
  const run = (rid: string | undefined): string => (rid === undefined ? "A run" : `Run ${rid}`)
  switch (finding.code) {
    case "too-early":
      return `The signal came ${Wording.span(finding.by)} before its slot at ${when(finding.slot)}, for which another one is expected.`
    case "another-zone":
      return inAnotherZone(finding, zone)
    case "too-short":
      return `The run took ${Wording.span(finding.duration)}; less than ${Wording.span(finding.minimum)} counts as a failure.`
    case "overran":
      return finding.by === 0
        ? `${run(finding.rid)} was still open after ${Wording.span(finding.allowed)}, the longest that it may take.`
        : `${run(finding.rid)} took ${Wording.span(finding.by)} longer than the ${Wording.span(finding.allowed)} that it may take.`
    case "missed-slot":
      return finding.grace === 0
        ? `No signal came by ${when(finding.expected)}.`
        : `No signal came for ${when(finding.expected)} within the ${Wording.span(finding.grace)} by which it may be late.`
    case "duplicate-run":
      return finding.isOpen
        ? `${run(finding.rid)} had been open since ${when(finding.since)} when this one started.`
        : `The slot had its signal at ${when(finding.since)} already.`
    case "filtered":
      return finding.keyword === undefined
        ? `No keyword was found, which makes it ${meaning[finding.kind]}.`
        : `The keyword ${JSON.stringify(finding.keyword)} makes it ${meaning[finding.kind]}.`
    case "exit-status":
      return `The job ended with exit status ${finding.exitStatus}.`
    case "method":
      return `Requests with method ${finding.method} do not count for this check.`
    case "paused":
      return "The check is paused until somebody resumes it."
  }
}

const inAnotherZone = (
  { slot, offset, row }: Extract<Finding, { code: "another-zone" }>,
  zone: Zone.Zone,
): string => {
  const there = `in a zone that is UTC${offset}`
  const examples = ZoneExamples.of(ZoneExamples.parse(offset), slot, 2).join(" or ")
  const where = `the job's clock may be in another zone than ${zone.name}${examples === "" ? "" : `, such as ${examples}`}.`
  if (row === undefined) return `No slot was near, but ${there} the schedule has one at that time: ${where}`
  const direction = row.lateBy < 0 ? "before" : "after"
  return `Each of the last ${row.signals} signals came about ${Wording.span(Math.abs(row.lateBy))} ${direction} its slot, but in time for one ${there}: ${where}`
}

const meaning: Readonly<Record<Kind, string>> = {
  success: "a success",
  start: "a start",
  fail: "a failure",
  cancel: "a cancellation",
  log: "a log entry",
  ignored: "nothing that counts",
}
