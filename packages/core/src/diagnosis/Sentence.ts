/** Sentences: what a finding says to people. */
import type { Policy } from "../Check.ts"
import type { Kind } from "../Ping.ts"
import * as Schedule from "../Schedule.ts"
import { day, type Instant } from "../Time.ts"
import * as Wording from "../Wording.ts"
import * as Zone from "../Zone.ts"
import type { Finding } from "./Finding.ts"
import * as ZoneExamples from "./ZoneExamples.ts"

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
    case "never-heard":
      return `No success or failure had ever come since the check was made at ${when(finding.createdAt)}.`
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
    case "probe":
      return `The probe says: ${finding.failures.replaceAll("\n", "; ")}.`
    case "unjudged":
      return unjudged(finding, when)
    case "server-gone":
      return "The server that it watches was deleted, so nothing will be heard of it: the check stays as it is. Let it watch another one, or delete it."
    case "not-kept":
      return finding.list === undefined
        ? `No server keeps ${finding.type}, so nothing will be heard of it. Let the check watch another metric.`
        : `The server that it watches does not keep ${finding.type}, so nothing is heard of it. Name that in ${finding.list} of the server.`
    case "expires":
      return `The ${finding.what} ${expiry(finding)}.`
    case "paused":
      return "The check is paused until somebody resumes it."
    case "asked":
      return "The check is asked by its probe, so signals do not count."
    case "server":
      return "A server monitor hears only what its server reports, and nothing while it is disabled."
  }
}

const unjudged = (
  { at, region, why }: Extract<Finding, { code: "unjudged" }>,
  when: (at: Instant) => string,
): string =>
  `What was asked at ${when(at)}${region === "" ? "" : ` from ${region}`} says nothing of the target, so the check stays as it was. ${why}`

/** Returns when something expires, or has expired: `expires in 12 days, at 2026-07-01 00:00 UTC`. */
export const expiry = ({ at, now }: Extract<Finding, { code: "expires" }>): string => {
  const date = Wording.instant(at, Zone.utc)
  const days = Math.floor((at - now) / day)
  if (at <= now) return `expired at ${date}`
  const left = days === 0 ? "in less than a day" : days === 1 ? "in 1 day" : `in ${days} days`
  return `expires ${left}, at ${date}`
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
