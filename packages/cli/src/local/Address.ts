/** Which database is meant, as flags and environment say it. */
import { UsageError } from "../Failure.ts"

export const flag = {
  kind: "text",
  value: "URL",
  env: "OVERDUE_DATABASE",
  default: "sqlite:./overdue.db",
  help: "sqlite:FILE, or sqlite::memory:",
} as const

export type Database = { readonly kind: "sqlite"; readonly filename: string }

export const parse = (url: string = flag.default): Database => {
  const filename = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1]
  if (filename !== undefined) return { kind: "sqlite", filename }
  throw new UsageError(
    `--database is sqlite:FILE or sqlite::memory:, not ${JSON.stringify(withoutPassword(url))}`,
  )
}

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, "//***@")
