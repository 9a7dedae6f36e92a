/** Queries about deliveries: what becomes of alerts on their way to channels. */
import type { Channel } from "@overdue/core/Channel"
import { title } from "@overdue/core/Check"
import type { DeliveriesFilter, TrackedDelivery } from "@overdue/core/Delivery"
import type { Named } from "@overdue/core/document/DeliveryDocument"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { DeliveryNotFound } from "../CommandError.ts"

/** Returns deliveries of a project, newest first. */
export const list = Effect.fnUntraced(function* (project: string, filter: Omit<DeliveriesFilter, "project">) {
  const store = yield* Store.Store
  return yield* named(project, yield* store.deliveries({ ...filter, project }))
})

/** Returns a delivery. Fails with `DeliveryNotFound` when the project has none with this id. */
export const get = Effect.fnUntraced(function* (project: string, id: string) {
  const store = yield* Store.Store
  const found = yield* store.delivery(id)
  const [delivery] = found === undefined ? [] : yield* named(project, [found])
  return delivery ?? (yield* new DeliveryNotFound({ delivery: id }))
})

/** Leaves out what is not of the project. */
const named = Effect.fnUntraced(function* (project: string, deliveries: readonly TrackedDelivery[]) {
  const store = yield* Store.Store
  const channels = new Map<string, Channel>((yield* store.channels(project)).map((one) => [one.id, one]))
  const names = new Map<string, string>()
  for (const { check } of deliveries) {
    if (names.has(check)) continue
    const found = yield* store.check(check)
    if (found !== undefined) names.set(check, title(found))
  }
  return deliveries.flatMap((delivery): readonly Named[] => {
    const channel = channels.get(delivery.channel)
    const checkName = names.get(delivery.check)
    if (channel === undefined || checkName === undefined) return []
    const channelName = channel.name || channel.id
    return [{ ...delivery, checkName, channelName, kind: channel.kind }]
  })
})
