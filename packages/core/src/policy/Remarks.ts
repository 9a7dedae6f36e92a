/** What is remarked on about a policy: it is accepted, and probably does not mean what it says. */
import * as Deadline from "../Deadline.ts"
import * as Schedule from "../Schedule.ts"
import { day, type Instant, type Span } from "../Time.ts"
import * as Wording from "../Wording.ts"
import type { Remark } from "./Remark.ts"
import * as ThresholdRemarks from "./ThresholdRemarks.ts"
import { defaultPolicy, type Policy } from "./Terms.ts"

/** Coming slots that are looked at: a month of daily ones. */
const slotsSeen = 31

/** How far a check is looked at for which nothing is expected. */
const year: Span = 365 * day

/** What the remarks depend on besides the policy. */
export interface Details {
  /** Whether the check is of a server that reports; by default it is not. */
  readonly isServer?: boolean
}

/** Returns the remarks on a policy, seen from an instant. */
export const of = (policy: Policy, now: Instant, { isServer = false }: Details): readonly Remark[] => {
  const slots = policy.schedule.kind === "every" ? [] : Schedule.upcoming(policy.schedule, now, slotsSeen)
  const gap = smallestGap(policy.schedule, slots)
  const quiet = inQuiet(policy, now, slots)
  const isNeverExpected = quiet.some(({ code }) => code === "always-quiet")
  return [
    ...Schedule.remarks(policy.schedule, now),
    ...quiet,
    ...pastWindows(policy, now),
    // Of what is never expected, it would hide why nobody is told. Of a server it is so on purpose, and cannot be set.
    ...(isNeverExpected || isServer ? [] : longGrace(policy, gap)),
    ...longRun(policy),
    ...wideEarly(policy, gap),
    ...ThresholdRemarks.of(policy),
  ]
}

const smallestGap = (schedule: Schedule.Schedule, slots: readonly Instant[]): Span | undefined => {
  if (schedule.kind === "every") return schedule.period
  const gaps = slots.slice(1).map((slot, index) => slot - slots[index]!)
  return gaps.length === 0 ? undefined : Math.min(...gaps)
}

const longGrace = ({ grace }: Policy, gap: Span | undefined): readonly Remark[] => {
  if (gap === undefined || grace <= gap) return []
  const text =
    `The grace of ${Wording.span(grace)} is longer than the ${Wording.span(gap)} from one expected signal to the next, ` +
    "so nobody is told of one that is missing when the next one comes. Shorten the grace."
  return [{ code: "grace-exceeds-gap", text }]
}

const longRun = ({ maxRuntime, grace, startSatisfies }: Policy): readonly Remark[] => {
  const isLonger = maxRuntime === "never" || (maxRuntime !== undefined && maxRuntime > grace)
  if (!isLonger || startSatisfies) return []
  const may = maxRuntime === "never" ? "for as long as it likes" : Wording.span(maxRuntime)
  const text =
    `A run may take ${may}, but its success is late ${Wording.span(grace)} after the slot, because an open start ` +
    "does not postpone that. Let a start satisfy, or lengthen the grace."
  return [{ code: "late-before-overrun", text }]
}

const inQuiet = (policy: Policy, now: Instant, slots: readonly Instant[]): readonly Remark[] => {
  if (policy.quiet.length > 0 && policy.schedule.kind === "every") {
    if (Deadline.outside(policy, now) <= now + year) return []
    const text =
      "The whole coming year lies in quiet windows of the check itself, so nothing is expected of it. Shorten them."
    return [{ code: "always-quiet", text }]
  }
  const waived = policy.quiet.length === 0 ? [] : slots.filter((slot) => Deadline.isQuiet(policy, slot))
  const [first] = waived
  if (first === undefined) return []
  // Looking for a slot outside takes long, so it is looked for only when none was seen.
  if (waived.length === slots.length && (Deadline.slotAfter(policy, now, false) ?? Infinity) > now + year) {
    const text =
      "Every slot that can be foreseen lies in a quiet window of the check itself, so nothing is expected of it."
    return [{ code: "always-quiet", text }]
  }
  const zone = Schedule.zoneOf(policy.schedule)
  const text =
    `${waived.length} of the next ${slots.length} slots lie in a quiet window of the check itself, the first at ` +
    `${Wording.instant(first, zone)}: nothing is expected then.`
  return [{ code: "slots-in-quiet", text }]
}

const pastWindows = ({ quiet, schedule }: Policy, now: Instant): readonly Remark[] =>
  quiet.flatMap((window): readonly Remark[] => {
    if (!("from" in window) || window.to > now) return []
    const text =
      `The quiet window to ${Wording.instant(window.to, Schedule.zoneOf(schedule))} is past; nothing is quiet by it ` +
      "any more. Remove it, or correct its dates."
    return [{ code: "window-past", text }]
  })

/** The default is not remarked on: nobody has chosen it, and it does no harm where slots are close. */
const wideEarly = ({ early, schedule }: Policy, gap: Span | undefined): readonly Remark[] => {
  if (schedule.kind === "every" || gap === undefined) return []
  if (early === defaultPolicy.early || early * 4 < gap) return []
  const text =
    `A signal ${Wording.span(early)} early is not always taken for its slot: it must also be nearer than a quarter of ` +
    `the ${Wording.span(gap)} between two slots.`
  return [{ code: "early-exceeds-gap", text }]
}
