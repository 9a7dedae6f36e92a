/** Channels in a database, managed without a server. Their values hold secrets and are never printed. */
import type { Channel } from "@overdue/core/Channel"
import type { Verdict } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import * as Commands from "@overdue/engine/commands/Channels"
import * as Effect from "effect/Effect"
import { pick, type Naming } from "./Pick.ts"
import type { Place } from "./Place.ts"
import * as Projects from "./Projects.ts"
import { use } from "./Session.ts"

/** What may be printed of a channel. */
export interface ChannelRow extends Omit<Channel, "value" | "project" | "switches" | "goneSince"> {
  /** How many checks use it. */
  readonly checks: number
}

const naming: Naming<Channel> = { noun: "channel", id: ({ id }) => id, names: ({ name }) => [name] }

/** Returns the channels of the project, oldest first. */
export const list = ({ database, project }: Place): Promise<readonly ChannelRow[]> =>
  use(
    database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const owner = yield* Projects.find(project)
      const checks = yield* store.checks(owner.id, {})
      return (yield* store.channels(owner.id)).map(
        ({
          value: _value,
          project: _project,
          switches: _switches,
          goneSince: _gone,
          ...row
        }): ChannelRow => ({
          ...row,
          checks: checks.filter(({ details }) => details.channels.includes(row.id)).length,
        }),
      )
    }),
  )

/** Creates a channel and returns it. Fails when the kind is unknown or its value is wrong. */
export const add = (
  { database, project }: Place,
  given: Omit<Commands.NewChannel, "project">,
): Promise<Channel> =>
  use(
    database,
    Effect.gen(function* () {
      const owner = yield* Projects.find(project)
      return yield* Commands.create({ ...given, project: owner.id })
    }),
  )

/** Returns the channels that are named by name or id. Fails unless all of them exist. */
export const find = ({ database, project }: Place, words: readonly string[]): Promise<readonly Channel[]> =>
  use(
    database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const channels = yield* store.channels((yield* Projects.find(project)).id)
      return words.map((word) => pick(channels, word, naming))
    }),
  )

/** Sends one test alert, for a check that does not exist, and returns what became of it. */
export const test = (
  { database }: Place,
  channel: Channel,
  options: { readonly allowPrivateTargets: boolean },
): Promise<Verdict> => use(database, Commands.test(channel.project, channel.id), options)

/** Deletes channels, and takes them from the checks that use them. */
export const remove = ({ database }: Place, channels: readonly Channel[]): Promise<void> =>
  use(
    database,
    Effect.forEach(channels, ({ project, id }) => Commands.remove(project, id), { discard: true }),
  )
