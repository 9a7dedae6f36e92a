/** What every command takes that works on a database. */
import { UsageError } from "../Failure.ts"
import type { Io } from "../Io.ts"
import type { Flags, Values } from "../Flags.ts"
import * as Address from "./Address.ts"

export const json = { kind: "switch", help: "print JSON, for programs" } as const

export const databaseFlags = { json, database: Address.flag } as const satisfies Flags

export const projectFlags = {
  project: { kind: "text", value: "NAME", help: "name or id of the project; without it, the only one" },
  ...databaseFlags,
} as const satisfies Flags

/** What is said of where. */
export const place = (given: Values<typeof projectFlags>, { environment }: Io) => ({
  database: Address.parse(given.database),
  project: given.project,
  secret: secret({ environment }),
})

export const secret = ({ environment }: Pick<Io, "environment">): string | undefined =>
  environment["OVERDUE_SECRET"] || undefined

/** The words for the one check that a command is about. */
export const oneCheck = (positionals: readonly string[]): string => {
  const [words, ...surplus] = positionals
  if (words === undefined) throw new UsageError("name a check, by id, slug or name")
  if (surplus.length > 0) throw new UsageError(`one check is enough; there is also ${surplus[0]}`)
  return words
}
