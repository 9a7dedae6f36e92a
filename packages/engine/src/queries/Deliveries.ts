/** Queries about deliveries: what becomes of alerts on their way to channels. */
import type { Channel } from "@overdue/core/Channel"
import { title } from "@overdue/core/Check"
import * as Delivery from "@overdue/core/Delivery"
import type { Named } from "@overdue/core/document/DeliveryDocument"
import * as Diagnosis from "@overdue/core/Diagnosis"
import * as Limits from "@overdue/core/Limits"
import * as News from "@overdue/core/News"
import * as Slug from "@overdue/core/Slug"
import * as Store from "@overdue/core/Store"
import * as Uuid from "@overdue/core/Uuid"
import * as Effect from "effect/Effect"
import { ChannelNotFound, CheckNotFound, DeliveryNotFound } from "../CommandError.ts"

/** Which deliveries somebody asks for, in words. */
export interface Asked {
  /** Id or slug of a check, or what else names it to whoever asks. */
  readonly check?: string
  /** Id or name of a channel. */
  readonly channel?: string
  readonly status?: Delivery.ShownStatus
  /** At most `Limits.mostListed`, by default `Limits.deliveriesListed`. */
  readonly limit?: number
}

/**
 * Returns deliveries of a project, newest first. Fails with `CheckNotFound` or `ChannelNotFound` when it has none of that
 * name. `aliasOf` returns another name of a check, from its id.
 */
export const list = Effect.fnUntraced(function* (
  project: string,
  { check: word, channel: name, status, limit = Limits.deliveriesListed }: Asked,
  aliasOf?: (id: string) => string,
) {
  const store = yield* Store.Store
  const check = word === undefined ? undefined : yield* checkOf(project, word, aliasOf)
  const channel = name === undefined ? undefined : yield* channelOf(project, name)
  if (word !== undefined && check === undefined) return yield* new CheckNotFound({ check: word })
  if (name !== undefined && channel === undefined) return yield* new ChannelNotFound({ channel: name })
  const found = yield* store.deliveries({
    project,
    limit,
    ...(check !== undefined && { check }),
    ...(channel !== undefined && { channel }),
    ...(status !== undefined && Delivery.filterOf(status)),
  })
  return yield* named(project, found)
})

/** Returns a delivery. Fails with `DeliveryNotFound` when the project has none with this id. */
export const get = Effect.fnUntraced(function* (project: string, id: string) {
  const store = yield* Store.Store
  const found = yield* store.delivery(id)
  // Lists leave out what is damaged. Of one that is asked for by its id, the answer is why it cannot be shown.
  if (found !== undefined) yield* Effect.andThen(store.check(found.check), store.channel(found.channel))
  const [delivery] = found === undefined ? [] : yield* named(project, [found])
  return delivery ?? (yield* new DeliveryNotFound({ delivery: id }))
})

/** Returns the id of the check of a name; `undefined` when the project has none. */
const checkOf = Effect.fnUntraced(function* (
  project: string,
  word: string,
  aliasOf: ((id: string) => string) | undefined,
) {
  const store = yield* Store.Store
  if (Uuid.isValid(word)) {
    const found = yield* store.check(word)
    return found?.project === project ? found.id : undefined
  }
  const [bySlug] = Slug.isValid(word) ? yield* store.checks(project, { slug: word }) : []
  if (bySlug !== undefined || aliasOf === undefined) return bySlug?.id
  return (yield* store.checks(project, {})).find(({ id }) => aliasOf(id) === word)?.id
})

/** Returns the id of the channel of an id or a name; `undefined` when the project has none. */
const channelOf = Effect.fnUntraced(function* (project: string, word: string) {
  const store = yield* Store.Store
  const channels = yield* store.channels(project)
  return channels.find(({ id, name }) => id === word || name === word)?.id
})

/** Leaves out what is not of the project, and what is of a check or goes to a channel whose record is damaged. */
const named = Effect.fnUntraced(function* (project: string, deliveries: readonly Delivery.TrackedDelivery[]) {
  const store = yield* Store.Store
  const channels = new Map<string, Channel>((yield* store.channels(project)).map((one) => [one.id, one]))
  const ids = [...new Set(deliveries.map(({ check }) => check))]
  const checks = new Map((yield* store.checks(project, { ids })).map((check) => [check.id, check]))
  return deliveries.flatMap((delivery): readonly Named[] => {
    const channel = channels.get(delivery.channel)
    const check = checks.get(delivery.check)
    if (channel === undefined || check === undefined) return []
    const channelName = channel.name || channel.id
    const checkName = title(check)
    const expiring = Diagnosis.expiring(check, delivery.at)
    const news = News.of(checkName, { ...delivery, status: delivery.to }, expiring)
    return [{ ...delivery, checkName, channelName, kind: channel.kind, news }]
  })
})
