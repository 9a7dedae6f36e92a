/**
 * Rounds: the results of a probe from all its regions, which are told as one, and what a check makes of one round after
 * another. Pure, and a part of the machine.
 */
import type { Ping } from "../Ping.ts"
import * as Probe from "../Probe.ts"
import type { Status } from "../State.ts"
import * as Stops from "../Stops.ts"
import { day, type Instant, type Span } from "../Time.ts"
import * as Limits from "../Limits.ts"
import { none, type Probing, type Reminded, type Round } from "./Probing.ts"
import * as Conditions from "./Conditions.ts"
import * as ProbeRefusal from "./ProbeRefusal.ts"
import * as Threshold from "./Threshold.ts"

export { none, type Probing, type Reminded, type Round } from "./Probing.ts"

const key = "probe"

/** Returns what is kept with the ping of a round: without what seldom changes, which `Probing.last` has. */
export const extensionOf = ({ results, ...round }: Round): NonNullable<Ping["extension"]> => ({
  [key]: {
    ...round,
    results: results.map(({ certificate: _certificate, registration: _registration, ...kept }) => kept),
  },
})

/** Returns the round that a ping tells of; `undefined` when it is another signal. */
export const ofPing = ({ extension }: Pick<Ping, "extension">): Round | undefined =>
  extension?.[key] as Round | undefined // safe because only `extensionOf` writes it

/** Returns what failed, a line for each region, as the body of a ping; `undefined` when nothing did. */
export const failures = ({ results }: Round): string | undefined => {
  const failed = results.filter(({ ok }) => !ok)
  const lines = failed.map((result) => {
    const { region, reason = "failed" } = result
    const took = Probe.responseTime(result)
    const after = took === undefined ? "" : ` (after ${Math.round(took)} ms)`
    return `${region === "" ? "" : `${region}: `}${reason}${after}`
  })
  return lines.length === 0 ? undefined : lines.join("\n")
}

/**
 * Returns whether a reminder is due at `now` by a round, and those that have been told then: of several at once the last,
 * because it says the same as the others.
 */
export const remind = (
  { remind }: Probe.Probe,
  { reminded }: Probing,
  { results }: Round,
  now: Instant,
): { readonly isDue: boolean; readonly reminded: readonly Reminded[] } => {
  let isDue = false
  const all = ProbeRefusal.expiring.flatMap((what): readonly Reminded[] => {
    const before = reminded.filter((one) => one.what === what)
    const at = Probe.expiresAt(results, what)
    if (at === undefined) return before
    const known = before.filter((one) => one.at === at)
    const days = (remind[what] ?? []).filter((one) => at - now <= one * day)
    const fresh = days.filter((one) => !known.some((other) => other.days === one))
    // Who is reminded for the first time when less is left was to be reminded once, not several times.
    isDue ||= fresh.some((one) => known.every((other) => one < other.days))
    return [...known, ...fresh.map((one) => ({ what, days: one, at }))]
  })
  return { isDue, reminded: all }
}

/** Whether two probes ask the same of the same target, however often they do. */
export const isSame = (a: Probe.Probe | undefined, b: Probe.Probe | undefined): boolean =>
  a === b || (a === undefined ? b === undefined : b !== undefined && question(a) === question(b))

/** Returns what a probe asks of its target as a text, whose header fields and body may be secrets. */
export const question = (probe: Probe.Probe): string => {
  const { url, method, headers, body, followsRedirects, verifiesCertificate, conditions } = probe
  const asked = Conditions.question(conditions)
  return JSON.stringify([url, method, headers, body, followsRedirects, verifiesCertificate, asked])
}

/**
 * Returns the state of a probe as far as it can be of a time before `now`: whatever lies ahead was recorded by a clock that
 * was wrong, and would keep the results of today out.
 */
export const asOf = (probing: Probing | undefined, probe: Probe.Probe | undefined, now: Instant): Probing => {
  if (probing === undefined || probe === undefined) return none
  const { last, open, unjudged } = probing
  // Clocks of servers differ from this one's.
  const ahead = Threshold.is(probe) ? Limits.sampleAhead : 2 * probe.every
  return [last, open, unjudged].some((one) => one !== undefined && one.at > now + ahead) ? none : probing
}

/** A report: results of a round, of some regions or, with `isWhole`, all that there are. */
export interface Report extends Round {
  readonly isWhole?: boolean | undefined
  /** Given instead of results. */
  readonly unjudged?: Probe.Unjudged | undefined
}

/** Returns a report of what came of asking from one place for labels, at least one. */
export const told = (said: Probe.Said, labels: readonly string[]): Pick<Report, "results" | "unjudged"> =>
  "why" in said
    ? { results: [], unjudged: { region: labels[0] ?? "", why: said.why.slice(0, Limits.failureLength) } }
    : { results: labels.map((region) => ({ ...said, region })) }

/** What a report makes of a probe. */
export interface Gathered {
  readonly probing: Probing
  /** The round that is complete by this report; `undefined` when it is not, and when the report came too late. */
  readonly told: Round | undefined
}

/**
 * Adds a report. A round is complete when every region has a result that had one in the round before; so a region whose
 * prober has stopped is waited for in one round, until the next begins, and no longer. The results of a round that was
 * never complete are dropped: they are out of date.
 */
export const gather = (self: Probing, probe: Probe.Probe, report: Report): Gathered => {
  const probing = { ...self, unjudged: unjudgedAfter(self, report) }
  if (report.unjudged !== undefined) return { probing, told: undefined }
  const { last, open, heard } = probing
  const names = (round: Round | undefined): readonly string[] =>
    round?.results.map(({ region }) => region) ?? []
  if (last !== undefined && report.at <= last.at) {
    // It came too late to count, but its region is there again.
    const isOfLast = report.at === last.at
    const again = isOfLast ? names(report).filter((region) => !heard.includes(region)) : []
    return {
      probing: again.length === 0 ? probing : { ...probing, heard: [...heard, ...again] },
      told: undefined,
    }
  }
  if (open !== undefined && report.at < open.at) return { probing, told: undefined }
  const isNext = open !== undefined && report.at > open.at
  const before = isNext ? names(open) : heard
  const results = merged(probe, open?.at === report.at ? open.results : [], report.results)
  const round: Round = {
    at: report.at,
    results,
    ...(report.isAfterGap === true && { isAfterGap: true }),
  }
  const there = names(round)
  const awaited = probe.regions.filter((region) => before.length === 0 || before.includes(region))
  const isComplete = report.isWhole === true || awaited.every((region) => there.includes(region))
  return isComplete
    ? { probing: { ...probing, last: round, open: undefined, heard: there }, told: round }
    : { probing: { ...probing, open: round, heard: before }, told: undefined }
}

/** What was said last counts; a report that came late says nothing new. */
const unjudgedAfter = ({ unjudged, last }: Probing, report: Report): Probing["unjudged"] => {
  if (report.at < Math.max(unjudged?.at ?? -Infinity, last?.at ?? -Infinity)) return unjudged
  if (report.unjudged !== undefined) return { at: report.at, ...report.unjudged }
  return report.results.some(({ region }) => region === unjudged?.region) ? undefined : unjudged
}

/** One result for each region, in the order of the regions; of the same region the first counts. */
const merged = (
  { regions }: Probe.Probe,
  known: readonly Probe.Result[],
  more: readonly Probe.Result[],
): readonly Probe.Result[] => {
  const all = [...known, ...more]
  const first = all.filter(({ region }, index) => all.findIndex((other) => other.region === region) === index)
  const place = ({ region }: Probe.Result): number =>
    regions.includes(region) ? regions.indexOf(region) : regions.length
  return first.toSorted((a, b) => place(a) - place(b))
}

/** What a round means for its check: a success, a failure, or nothing as long as it may be a passing one. */
export interface Verdict {
  readonly kind: "success" | "fail" | "log"
  readonly pendingSince: Instant | undefined
}

/** What a verdict is made of. */
export interface Circumstances {
  readonly probe: Probe.Probe
  readonly status: Exclude<Status, "paused">
  readonly stops: Stops.Stops
  /** The state before the round. */
  readonly before: Probing
}

/**
 * Returns what a round at `now` means. A check that is new or up goes down when rounds have failed for as long as the
 * probe's grace, all of them; one that is down comes up when they have succeeded for as long as its recovery. Of a
 * threshold the time is that of the measurements: reports that were held up say what they would have said in time.
 */
export const judge = (
  { probe, status, stops, before }: Circumstances,
  round: Round,
  now: Instant,
): Verdict => {
  const isBad = Probe.isBad(round.results)
  const kind = isBad ? "fail" : "success"
  if (isBad === (status === "down")) return { kind, pendingSince: undefined }
  const at = Threshold.is(probe) ? round.at : now
  const since = isContinuous(probe, stops, before, round) ? (before.pendingSince ?? at) : at
  const wait = isBad ? probe.grace : probe.recovery
  return at - since >= wait ? { kind, pendingSince: undefined } : { kind: "log", pendingSince: since }
}

/** Rounds that nobody asked in between are no reason to say anything of the time in which they were not. */
const isContinuous = (
  probe: Probe.Probe,
  stops: Stops.Stops,
  { last, pendingSince }: Probing,
  { at, isAfterGap }: Round,
): boolean => {
  if (last === undefined || pendingSince === undefined) return false
  const isMeasured = Threshold.is(probe)
  if (isMeasured ? isAfterGap === true : at - last.at > gap(probe.every)) return false
  // A server goes on measuring while no node is awake.
  const own = isMeasured ? { quiet: stops.quiet, blind: [] } : stops
  const stop = Stops.after(own, pendingSince, Stops.budget("hurried"))(at)
  return stop === undefined || stop.from >= at
}

/** One round may be lost, when a prober is started anew. */
const gap = (every: Span): Span => 2 * every + every / 2
