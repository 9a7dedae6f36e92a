/** What a server has written down: read from its database, so that nothing depends on what it says of itself. */
import { DatabaseSync } from "node:sqlite"

/** An instant at which a check went down, in epoch milliseconds, and why. */
export interface Down {
  readonly check: string
  readonly at: number
  readonly reason: string
}

/** A span in which nobody was awake, in epoch milliseconds. */
export interface BlindSpan {
  readonly from: number
  readonly to: number
}

/** What is of interest. */
export interface Ledger {
  readonly downs: readonly Down[]
  readonly blind: readonly BlindSpan[]
  /** How many flips, pings and deliveries there are. */
  readonly counts: Readonly<Record<"flips" | "pings" | "checks" | "deliveries", number>>
}

/** Reads the database in a file, be it in use or not. */
export const read = (file: string): Ledger => {
  const database = new DatabaseSync(file, { readOnly: true })
  const rows = (sql: string): readonly unknown[] => database.prepare(sql).all()
  // safe because that is the column
  const count = (table: string) => (rows(`SELECT count(*) AS n FROM ${table}`)[0] as { n: number }).n
  try {
    // safe because the columns are these
    return {
      downs: rows(
        `SELECT c.id AS "check", f.at, f.reason FROM flips f JOIN checks c ON c.key = f.check_key
          WHERE f.to_status = 'down' ORDER BY f.at`,
      ) as readonly Down[],
      blind: rows(`SELECT from_at AS "from", to_at AS "to" FROM blind_spans`) as readonly BlindSpan[],
      counts: {
        flips: count("flips"),
        pings: count("pings"),
        checks: count("checks"),
        deliveries: count("deliveries"),
      },
    }
  } finally {
    database.close()
  }
}
