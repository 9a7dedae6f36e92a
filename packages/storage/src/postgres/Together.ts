/**
 * Statements that are apart from each other, as one: each costs server and client some dozens of microseconds, however
 * little it does.
 */
import type { Spelled } from "./Spelling.ts"

/** A statement, and the parameters of its only run. */
export interface Once {
  readonly text: string
  readonly parameters: Spelled["runs"][number]
}

/** Returns what does the same as some statements, at least one. */
export const together = (statements: readonly Once[]): Once => {
  let joined = joins
  for (const statement of statements) joined = joined.after(statement)
  return { text: joined.text, parameters: statements.flatMap(({ parameters }) => parameters) }
}

/** What some statements are together, and what they are with another one behind them. There are as many as the program has. */
class Joined {
  readonly #parts: readonly string[]
  /** How many parameters there are. */
  readonly #count: number
  readonly #next = new Map<string, Joined>()
  readonly text: string

  constructor(parts: readonly string[], count: number) {
    this.#parts = parts
    this.#count = count
    const before = parts.slice(0, -1).map((part, index) => `part_${index} AS (${part})`)
    this.text = (before.length === 0 ? "" : `WITH ${before.join(", ")} `) + (parts.at(-1) ?? "")
  }

  after({ text, parameters }: Once): Joined {
    const known = this.#next.get(text)
    if (known !== undefined) return known
    const part = text.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + this.#count}`)
    const next = new Joined([...this.#parts, part], this.#count + parameters.length)
    this.#next.set(text, next)
    return next
  }
}

const joins = new Joined([], 0)
