/** Which database is meant: an address such as `sqlite:./overdue.db`. */
import { UsageError } from "../Failure.ts"

/** `--database`: where the database is. */
export const flag = {
  kind: "text",
  value: "URL",
  env: "OVERDUE_DATABASE",
  default: "sqlite:./overdue.db",
  help: "the database: sqlite:FILE, or sqlite::memory:",
} as const

/** A database that this program can open; `:memory:` is the file name of one that is kept nowhere. */
export type Database = { readonly kind: "sqlite"; readonly filename: string }

/** Returns the database at an address. Fails with a `UsageError` for an address of another kind. */
export const parse = (url: string = flag.default): Database => {
  const filename = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1]
  if (filename !== undefined) return { kind: "sqlite", filename }
  throw new UsageError(
    `--database is sqlite:FILE or sqlite::memory:, not ${JSON.stringify(withoutPassword(url))}`,
  )
}

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, "//***@")
