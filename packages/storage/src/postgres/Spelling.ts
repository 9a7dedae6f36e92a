/** What PostgreSQL reads: parameters that are numbered, and values as texts. */
import type { Value } from "../Connection.ts"

/** Returns what numbers the parameters of statements; each is spelled once. */
export const numbering = (): ((sql: string) => string) => {
  const numbered = new Map<string, string>()
  return (sql) => {
    const known = numbered.get(sql)
    if (known !== undefined) return known
    let count = 0
    const spelled = sql.replace(/\?/g, () => `$${(count += 1)}`)
    numbered.set(sql, spelled)
    return spelled
  }
}

/**
 * Returns a parameter as a text, of which PostgreSQL finds the type by its place in the statement. With types of their own,
 * a number and a null would be two statements to prepare.
 */
export const parameter = (value: Value): string | Uint8Array | null =>
  typeof value === "number" ? String(value) : value

/** Returns a value as the client has read it: 64 bits come as a bigint. */
export const value = (found: unknown): Value =>
  typeof found === "bigint" ? Number(found) : typeof found === "boolean" ? Number(found) : (found as Value) // safe because `Row` checks what it reads
