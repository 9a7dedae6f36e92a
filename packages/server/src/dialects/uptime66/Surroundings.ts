/** What surrounds heartbeats: the numbers of projects and handlers, by which the API names groups and channels. */
import type { Channel } from "@overdue/core/Channel"
import type { Group } from "@overdue/core/Group"
import type { Instant } from "@overdue/core/Time"
import * as Channels from "@overdue/engine/queries/Channels"
import * as Numbered from "@overdue/engine/queries/Numbered"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Fields from "../../rest/Fields.ts"
import type { Arguments } from "./Arguments.ts"

/** A channel with its number. */
export interface Handler {
  readonly channel: Channel
  readonly serial: number
}

/** Returns the channels of a project with their numbers, in order of creation. */
export const handlers = Effect.fnUntraced(function* (project: string) {
  const channels = yield* Channels.list(project)
  const serials = yield* Numbered.channelSerials(project)
  return channels.flatMap((channel): readonly Handler[] => {
    const serial = serials.get(channel.id)
    // It was created in between.
    return serial === undefined ? [] : [{ channel, serial }]
  })
})

/** What the numbers in arguments stand for, and when that was found out. */
export interface Named {
  readonly group: Group["id"] | undefined
  /** Ids of the channels. */
  readonly chosen: ReadonlySet<string>
  readonly now: Instant
}

/** Returns what the numbers in arguments stand for. Fails when the project is none; channels that are none are left out. */
export const named = Effect.fnUntraced(function* (project: string, given: Arguments) {
  const { project_id: id = 0, is_ok_notifications: numbers = [] } = given
  const group = id === 0 ? undefined : (yield* Numbered.groups(project)).find(({ serial }) => serial === id)
  if (id !== 0 && group === undefined)
    return yield* Fields.invalid("project_id", "must be the id of a project")
  const wanted = new Set(numbers)
  const serials = wanted.size === 0 ? [] : [...(yield* Numbered.channelSerials(project))]
  const chosen = new Set(serials.filter(([, serial]) => wanted.has(serial)).map(([channel]) => channel))
  return { group: group?.id, chosen, now: yield* SteadyClock.now } satisfies Named
})
