/** Which database, and which project in it, a command works on: as flags and environment say it. */
import type { Flags, Values } from "../Flags.ts"
import type { Io } from "../Io.ts"
import * as Database from "./Database.ts"

/** A database, and a project in it. */
export interface Place {
  readonly database: Database.Database
  /** Name or id; `undefined` when the flags name none. */
  readonly project: string | undefined
}

/** What every command on a database takes. */
export const databaseFlags = {
  json: { kind: "switch", help: "print JSON, for programs" },
  database: Database.flag,
} as const satisfies Flags

/** What every command on one project of a database takes. */
export const projectFlags = {
  project: {
    kind: "text",
    value: "NAME",
    help: "name or id of the project; needed when there are several",
  },
  ...databaseFlags,
} as const satisfies Flags

/** Returns the place that the flags and the environment name. Fails with a `UsageError` for a wrong address. */
export const read = (
  given: Values<typeof projectFlags>,
  { environment }: Pick<Io, "environment">,
): Place => ({
  database: Database.parse(given.database, environment),
  project: given.project,
})
