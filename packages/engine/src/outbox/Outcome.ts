/** Outcomes of deliveries: of those that are not sent now, and of those that were, by the notifier's verdict. Pure. */
import * as Channel from "@overdue/core/Channel"
import type { Claim, DeliveryOutcome } from "@overdue/core/Delivery"
import type { Verdict } from "@overdue/core/Notifier"
import * as Storable from "@overdue/core/Storable"
import { hour, minute, second, type Instant, type Span } from "@overdue/core/Time"

/** The longest wait after the first failed attempt. Each further wait is twice as long, up to `longestWait`. */
const shortestWait: Span = 2 * second
const longestWait: Span = 10 * minute

/** The longest wait that a receiver can ask for. */
const longestAskedWait: Span = hour

/** Failed attempts after which a delivery is given up: with the waits above, about a day of them. */
export const mostFailures = 200

/** How long a receiver must say that there is no such channel until that is believed. */
export const goneAfter: Span = hour

/**
 * How often it is looked whether what an alert is held by still is down. Mostly that is noticed at once, when it comes
 * up; but what a check depends on may also be changed.
 */
const heldFor: Span = minute

/**
 * Returns the outcome of a delivery that is not sent now, because its channel is disabled, has quiet hours, or does not
 * want the alert, or because the check depends on one that is down; `undefined` for one that is sent.
 */
export const keptBack = (claim: Claim, now: Instant): DeliveryOutcome | undefined => {
  const { alert, channel } = claim
  if (channel.disabled !== undefined) return { status: "dead", cause: "disabled", error: channel.disabled }
  if (!Channel.wants(channel, alert))
    return { status: "skipped", error: `the channel is not to be told ${Channel.unwanted(alert)}` }
  if (isNoNews(claim)) return { status: "skipped", error: "it was no news any more" }
  // The all-clear is told at any time; what a check that is up is reminded of can wait.
  if (alert.status === "up" && alert.occasion !== "reminder") return undefined
  if (alert.status === "down" && claim.heldBy !== undefined) {
    return { status: "pending", cause: "held", dueAt: now + heldFor, error: `held: ${claim.heldBy} is down` }
  }
  const until = Channel.quietUntil(channel, now)
  if (until === undefined) return undefined
  const error = `the channel has quiet hours until ${new Date(until).toISOString()}`
  return { status: "pending", cause: "quiet", dueAt: until, error }
}

/**
 * Returns the outcome of a delivery that is not sent because this process stood still since it was claimed, so that another
 * node may have it. It is due at once; when another node has it, this outcome changes nothing.
 */
export const stoodStill = (now: Instant): DeliveryOutcome => ({
  status: "pending",
  cause: "stopped",
  dueAt: now,
  error: "this node stood still before it was sent",
})

/**
 * Whether an alert says nothing to a channel from which alerts may have been kept back: that an outage began which is
 * over by now, or that one is over of which it was not told.
 */
const isNoNews = ({ alert, channel, beganUntold }: Claim): boolean => {
  const { status } = alert.check.state
  // No all-clear would follow: somebody has paused the check meanwhile, or resumed it.
  const isTakenOut = status === "paused" || status === "new"
  if (alert.status === "down" && alert.outage?.until !== undefined && isTakenOut) return true
  if (channel.switches.quiet.length === 0 && alert.check.details.after === "") return false
  return alert.status === "up" ? beganUntold : alert.outage?.until !== undefined
}

/** What an attempt was. */
export interface Attempted {
  readonly verdict: Verdict
  /** How many attempts have failed before. */
  readonly failures: number
  /** Since when the receiver has been saying that there is no such channel; `undefined` when it has not. */
  readonly goneSince: Instant | undefined
  readonly now: Instant
  /** 0 to 1: spreads retries, so that a wait is between half of its usual length and all of it. */
  readonly chance: number
}

/** Returns the outcome of an attempt. */
export const of = (attempted: Attempted): DeliveryOutcome => {
  const { verdict, goneSince, now } = attempted
  if (verdict.type === "delivered") return { status: "delivered" }
  // A reason may quote a receiver: an outcome that could not be stored would have the alert sent for ever.
  const error = Storable.of(verdict.why)
  switch (verdict.type) {
    case "skipped":
      return { status: "skipped", error }
    case "refused":
      return { status: "dead", cause: "refused", error }
    case "permanent":
      return goneSince !== undefined && now - goneSince >= goneAfter
        ? { status: "dead", cause: "disabled", error }
        : again(attempted, error, { isGone: true })
    case "retry":
      return again(attempted, error, { after: verdict.after })
  }
}

const again = (
  { failures, now, chance }: Attempted,
  why: string,
  { after = 0, isGone = false }: { readonly after?: Span | undefined; readonly isGone?: boolean },
): DeliveryOutcome => {
  if (failures + 1 >= mostFailures) {
    const error = `given up after ${mostFailures} attempts: ${why}`
    return { status: "dead", cause: "exhausted", error }
  }
  const usual = Math.min(shortestWait * 2 ** failures, longestWait)
  const wait = Math.max(Math.round((usual * (1 + chance)) / 2), Math.min(after, longestAskedWait))
  return { status: "pending", cause: "failed", dueAt: now + wait, error: why, ...(isGone && { isGone }) }
}
