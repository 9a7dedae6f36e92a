/** Creates, deletes and tries channels. */
import type { Alert } from "@overdue/core/Alert"
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Notifier from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { ChannelNotFound } from "../CommandError.ts"
import { Ids } from "../Ids.ts"

export interface NewChannel {
  readonly project: string
  readonly name: string
  readonly kind: string
  readonly value: unknown
}

/** Gives the new channel. Fails when its kind is unknown, or its value is not what the kind takes. */
export const create = Effect.fn("Channels.create")(function* (input: NewChannel) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const ids = yield* Ids
  const value = yield* Effect.fromResult(notifier.parse(input.kind, input.value))
  const channel: Channel = {
    id: ids.next(),
    project: input.project,
    name: input.name,
    kind: input.kind,
    value,
    disabled: undefined,
    createdAt: yield* Clock.currentTimeMillis,
  }
  yield* store.createChannel(channel)
  return channel
})

/** Gives the deleted channel. */
export const remove = Effect.fn("Channels.remove")(function* (project: string, id: string) {
  const store = yield* Store.Store
  const channel = yield* find(project, id)
  yield* store.deleteChannel(channel.id)
  return channel
})

/**
 * Tells a channel that a check of no consequence is down, once and at once, and gives the verdict. One that delivers
 * also puts a disabled channel to work again.
 */
export const test = Effect.fn("Channels.test")(function* (project: string, id: string) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const ids = yield* Ids
  const channel = yield* find(project, id)
  const owner = yield* store.project(project)
  const now = yield* Clock.currentTimeMillis
  const verdict = yield* notifier.notify(
    example(ids.next(), { id: project, name: owner?.name ?? "" }, now),
    channel,
  )
  if (verdict.type === "delivered" && channel.disabled !== undefined) {
    yield* store.disableChannel(channel.id, undefined)
  }
  return verdict
})

const find = Effect.fnUntraced(function* (project: string, id: string) {
  const store = yield* Store.Store
  const channel = yield* store.channel(id)
  if (channel === undefined || channel.project !== project) {
    return yield* new ChannelNotFound({ channel: id })
  }
  return channel
})

const example = (id: string, project: Alert["project"], now: number): Alert => {
  const check = Check.make({
    id,
    project: project.id,
    badgeKey: id,
    createdAt: now,
    details: { name: "TEST" },
  })
  return {
    id,
    occasion: "test",
    status: "down",
    reason: "missed",
    at: now,
    check: { ...check, state: { ...check.state, status: "down", lastPing: now } },
    project,
    lastPing: undefined,
  }
}
