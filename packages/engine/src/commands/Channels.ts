/** Commands that create, change, delete and try channels. */
import type { Alert, Told } from "@overdue/core/Alert"
import * as Bell from "@overdue/core/Bell"
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Notifier from "@overdue/core/Notifier"
import * as QuietTime from "@overdue/core/policy/QuietTime"
import type { Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { ChannelExists, ChannelNotFound, ProjectNotFound } from "../CommandError.ts"
import * as Failure from "../Failure.ts"
import { Ids } from "../Ids.ts"
import * as SteadyClock from "../SteadyClock.ts"

/** What a new channel is to be. */
export interface NewChannel {
  readonly project: string
  readonly name: string
  readonly kind: string
  readonly value: unknown
  /** By default it is told everything. */
  readonly switches?: Partial<Channel.Switches>
}

/**
 * Creates a channel and returns it. Fails with `ChannelInvalid` when the kind is unknown or does not accept the value, or
 * when no channel can have the name or the quiet hours; and with `ChannelExists` when another channel of the project has
 * the name.
 */
export const create = Effect.fn("Channels.create")(function* (input: NewChannel) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const ids = yield* Ids
  yield* expectValid(input)
  const value = yield* Effect.fromResult(notifier.parse(input.kind, input.value))
  yield* expectFree(input.project, input.name)
  const channel = Channel.make({
    id: ids.next(),
    project: input.project,
    name: input.name,
    kind: input.kind,
    value,
    switches: input.switches,
    createdAt: yield* SteadyClock.now,
  })
  yield* store.createChannel(channel)
  return channel
})

/** What is to change in a channel; fields that are left out stay. */
export interface Change {
  readonly name?: string
  readonly value?: unknown
  readonly switches?: Partial<Channel.Switches>
}

/**
 * Changes a channel and returns it. Fails with `ChannelNotFound` when the project has no such channel, with
 * `ChannelInvalid` when its kind does not accept the value, or no channel can have the name or the quiet hours, and with
 * `ChannelExists` when another one has the name. A name that is not changed is not judged.
 */
export const update = Effect.fn("Channels.update")(function* (project: string, id: string, change: Change) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const channel = yield* find(project, id)
  const name = change.name === channel.name ? undefined : change.name
  yield* expectValid({ ...change, name })
  const value =
    change.value === undefined
      ? channel.value
      : yield* Effect.fromResult(notifier.parse(channel.kind, change.value))
  if (name !== undefined) yield* expectFree(project, name)
  const changed = {
    name: name ?? channel.name,
    value,
    switches: { ...channel.switches, ...change.switches },
  }
  if (!(yield* store.updateChannel(id, changed))) return yield* new ChannelNotFound({ channel: id })
  // Whoever changes where it leads, or how, believes that it works now.
  if (change.value !== undefined) yield* repair(id, false)
  return (yield* store.channel(id)) ?? { ...channel, ...changed }
})

/**
 * Deletes a channel and returns it as it was; `undefined` when its record is damaged, so that nobody can tell. Fails with
 * `ChannelNotFound` when the project has no such channel.
 */
export const remove = Effect.fn("Channels.remove")(function* (project: string, id: string) {
  const store = yield* Store.Store
  const channel = yield* Failure.ifReadable(find(project, id))
  if (!(yield* store.deleteChannel(project, id))) return yield* new ChannelNotFound({ channel: id })
  return channel
})

/**
 * Tells a channel at once, and once, that a check named TEST is down, and returns the verdict. When that works, the
 * channel is taken for one that works again: it is enabled, and told what waits for it and what is still down. Fails
 * with `ChannelNotFound` when the project has no such channel.
 */
export const test = Effect.fn("Channels.test")(function* (project: string, id: string) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const ids = yield* Ids
  const channel = yield* find(project, id)
  const owner = yield* store.project(project)
  if (owner === undefined) return yield* new ProjectNotFound({ project })
  const verdict = yield* notifier.notify(example(ids.next(), owner, yield* SteadyClock.now), channel)
  if (verdict.type === "delivered") yield* repair(channel.id, true)
  return verdict
})

/** Takes a channel for one that works: it is told at once what waits for it, and what is down that it was not told. */
const repair = Effect.fnUntraced(function* (id: string, isTold: boolean) {
  const store = yield* Store.Store
  const bell = yield* Bell.Bell
  yield* store.repairChannel(id, yield* SteadyClock.now, isTold)
  bell.ring()
})

const expectValid = Effect.fnUntraced(function* ({
  name = "",
  switches: { quiet = [] } = {},
}: {
  readonly name?: string | undefined
  readonly switches?: Partial<Channel.Switches>
}) {
  const ofName = Channel.nameRefusal(name)
  if (ofName !== undefined) return yield* new Notifier.ChannelInvalid({ field: "name", expected: ofName })
  const ofQuiet = QuietTime.refusal(quiet)
  if (ofQuiet !== undefined) return yield* new Notifier.ChannelInvalid({ field: "quiet", expected: ofQuiet })
  return undefined
})

/** Checks, files and people name channels, and none of them could say which of two is meant. */
const expectFree = Effect.fnUntraced(function* (project: string, name: string) {
  if (name === "") return
  const store = yield* Store.Store
  const channels = yield* store.channels(project)
  if (channels.some((channel) => channel.name === name)) yield* new ChannelExists({ name })
})

const find = Effect.fnUntraced(function* (project: string, id: string) {
  const store = yield* Store.Store
  const channel = yield* store.channel(id)
  if (channel === undefined || channel.project !== project) {
    return yield* new ChannelNotFound({ channel: id })
  }
  return channel
})

/** What a channel is told when a person tries it: one check has just gone down, and no other is down. */
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
  return {
    alerts: [{ ...alert, remarks: [], memory: undefined, untold: [] }],
    project: alert.project,
    othersDown: 0,
  }
}
