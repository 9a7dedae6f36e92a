/** Claimed deliveries in memory: what is needed to send them, and what settling them changes on their channel. */
import * as Alert from "@overdue/core/Alert"
import type { DeliveryOutcome } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Deliveries from "./Deliveries.ts"
import * as Tables from "./Tables.ts"

/** Returns a claimed delivery with its alert. */
export const of = (tables: Tables.Tables, delivery: Alert.TrackedDelivery): Alert.Claim => {
  const { check, pings, flips } = tables.checks.get(delivery.check)!
  const { id, name, zone } = tables.projects.get(check.project)!
  const flip = flips.find(({ n }) => n === delivery.flip)!
  const began = Alert.outageBegan(flip)
  const ofOutage = (n: number) => flips.find((flip) => flip.n === n)
  const alert: Alert.Alert = {
    id: delivery.id,
    occasion: delivery.occasion,
    status: flip.to === "down" ? "down" : "up",
    reason: flip.reason,
    at: delivery.at,
    check,
    project: { id, name, zone },
    lastPing: pings.findLast(({ at, kind }) => at <= delivery.at && (kind === "success" || kind === "fail")),
    outage:
      began === undefined ? undefined : Alert.outage(check.id, began, ofOutage(began), ofOutage(began + 1)),
  }
  const { channel } = delivery
  return {
    delivery,
    alert,
    channel: tables.channels.get(channel)!,
    memory:
      began === undefined ? undefined : Tables.recall(tables, { channel, check: check.id, flip: began }),
    down: Tables.find(tables, (other) => other.project === id && other.state.status === "down").length,
    beganUntold: began !== undefined && flip.n !== began && wasSkipped(tables, check.id, began, channel),
  }
}

const wasSkipped = (tables: Tables.Tables, check: string, flip: number, channel: string): boolean =>
  tables.deliveries.all.get(`${check}.${flip}.${channel}`)?.delivery.status === "skipped"

/** Ends an attempt, and records on its channel how it ended. Without effect when another attempt has begun. */
export const settle = (
  tables: Tables.Tables,
  attempt: {
    readonly id: string
    readonly attempt: number
    readonly outcome: DeliveryOutcome
    readonly now: Instant
  },
): void => {
  const { id, outcome, now } = attempt
  const delivery = Deliveries.settle(tables.deliveries, id, attempt.attempt, outcome)
  if (delivery === undefined) return
  const channel = tables.channels.get(delivery.channel)!
  if (outcome.status === "delivered") {
    tables.channels.set(channel.id, { ...channel, lastSuccess: now })
    if (outcome.remember === undefined) return
    const { check, flip } = delivery
    const began = Alert.outageBegan(tables.checks.get(check)!.flips.find(({ n }) => n === flip)!)
    if (began === undefined) return
    Tables.remember(tables, { channel: channel.id, check, flip: began }, outcome.remember)
  } else if ("error" in outcome && !("postponed" in outcome && outcome.postponed)) {
    tables.channels.set(channel.id, { ...channel, lastError: { at: now, why: outcome.error } })
  }
}
