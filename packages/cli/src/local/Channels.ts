// Channels, straight on a database. Their values hold secrets, and are never shown.
import type { Channel } from "@overdue/core/Channel"
import type { Verdict } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import * as Commands from "@overdue/engine/commands/Channels"
import * as Effect from "effect/Effect"
import type { Database } from "./Address.ts"
import { pick, type Kind } from "./Pick.ts"
import * as Projects from "./Projects.ts"
import { use } from "./Session.ts"

export interface Place {
  readonly database: Database
  /** Name or id; `undefined`: the only one. */
  readonly project: string | undefined
}

export interface Shown extends Omit<Channel, "value" | "project" | "switches" | "lastError"> {
  /** How many checks tell it. */
  readonly checks: number
}

const kind: Kind<Channel> = { noun: "channel", id: ({ id }) => id, names: ({ name }) => [name] }

/** In order of creation. */
export const list = ({ database, project }: Place): Promise<readonly Shown[]> =>
  use(
    database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const owner = yield* Projects.find(project)
      const checks = yield* store.checks(owner.id, {})
      return (yield* store.channels(owner.id)).map(
        ({ id, name, kind, disabled, lastSuccess, createdAt }): Shown => ({
          id,
          name,
          kind,
          disabled,
          lastSuccess,
          createdAt,
          checks: checks.filter(({ details }) => details.channels.includes(id)).length,
        }),
      )
    }),
  )

export const add = (
  { database, project }: Place,
  given: { readonly kind: string; readonly name: string; readonly value: unknown },
): Promise<Channel> =>
  use(
    database,
    Effect.gen(function* () {
      const owner = yield* Projects.find(project)
      return yield* Commands.create({ ...given, project: owner.id })
    }),
  )

/** Those that are meant by name or id. All are found before anything is done. */
export const find = ({ database, project }: Place, words: readonly string[]): Promise<readonly Channel[]> =>
  use(
    database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const channels = yield* store.channels((yield* Projects.find(project)).id)
      return words.map((word) => pick(channels, word, kind))
    }),
  )

/** Tells it, once, that a check of no consequence is down. */
export const test = (
  { database }: Place,
  channel: Channel,
  options: { readonly allowPrivateTargets: boolean },
): Promise<Verdict> => use(database, Commands.test(channel.project, channel.id), options)

export const remove = ({ database }: Place, channels: readonly Channel[]): Promise<void> =>
  use(
    database,
    Effect.forEach(channels, ({ project, id }) => Commands.remove(project, id), { discard: true }),
  )
