/** Creates, changes, deletes and tries channels. */
import type { Alert, Told } from "@overdue/core/Alert"
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Notifier from "@overdue/core/Notifier"
import type { Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { ChannelNotFound, ProjectNotFound } from "../CommandError.ts"
import { Ids } from "../Ids.ts"

export interface NewChannel {
  readonly project: string
  readonly name: string
  readonly kind: string
  readonly value: unknown
  /** By default it is told of everything. */
  readonly switches?: Partial<Channel.Switches>
}

/** Returns the new channel. Fails when its kind is unknown, or its value is not what the kind takes. */
export const create = Effect.fn("Channels.create")(function* (input: NewChannel) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const ids = yield* Ids
  const value = yield* Effect.fromResult(notifier.parse(input.kind, input.value))
  const channel = Channel.make({
    id: ids.next(),
    project: input.project,
    name: input.name,
    kind: input.kind,
    value,
    switches: input.switches,
    createdAt: yield* Clock.currentTimeMillis,
  })
  yield* store.createChannel(channel)
  return channel
})

export interface Change {
  readonly name?: string
  readonly value?: unknown
  readonly switches?: Partial<Channel.Switches>
}

/** Changes what is given, and returns the channel. Fails when there is no such channel, or its kind takes no such value. */
export const update = Effect.fn("Channels.update")(function* (project: string, id: string, change: Change) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const channel = yield* find(project, id)
  const value =
    change.value === undefined
      ? channel.value
      : yield* Effect.fromResult(notifier.parse(channel.kind, change.value))
  const changed = {
    name: change.name ?? channel.name,
    value,
    switches: { ...channel.switches, ...change.switches },
  }
  if (!(yield* store.updateChannel(id, changed))) return yield* new ChannelNotFound({ channel: id })
  return { ...channel, ...changed }
})

/** Returns the deleted channel. Fails when there is none. */
export const remove = Effect.fn("Channels.remove")(function* (project: string, id: string) {
  const store = yield* Store.Store
  const channel = yield* find(project, id)
  yield* store.deleteChannel(channel.id)
  return channel
})

/**
 * Tells a channel that a check named TEST is down, once and at once, and returns the verdict. One that delivers also
 * enables a disabled channel.
 */
export const test = Effect.fn("Channels.test")(function* (project: string, id: string) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const ids = yield* Ids
  const channel = yield* find(project, id)
  const owner = yield* store.project(project)
  if (owner === undefined) return yield* new ProjectNotFound({ project })
  const verdict = yield* notifier.notify(example(ids.next(), owner, yield* Clock.currentTimeMillis), channel)
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

/** What a person sees who tries a channel: a check that has just gone down, and no other. */
const example = (id: string, { id: project, name, zone }: Project, now: Instant): Told => {
  const check = Check.make({ id, project, badgeKey: id, createdAt: now, details: { name: "TEST" } })
  const alert: Alert = {
    id,
    occasion: "test",
    status: "down",
    reason: "missed",
    at: now,
    check: { ...check, state: { ...check.state, status: "down", lastPing: now } },
    project: { id: project, name, zone },
    lastPing: undefined,
    outage: { id: `${id}.1`, since: now, until: undefined, reason: "missed", rid: undefined },
  }
  return { alerts: [{ ...alert, remarks: [], memory: undefined }], project: alert.project, othersDown: 0 }
}
