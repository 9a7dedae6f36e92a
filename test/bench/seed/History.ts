/** A long history, written straight into the database of a server: a hundred thousand flips take too long to happen. */
import { DatabaseSync } from "node:sqlite"

const many = "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 100000)"

/** Runs statements in a database; of each, the table `many` has the numbers `n` from 1 to 100,000. */
export const write = (filename: string, ...statements: readonly string[]): void => {
  using database = new DatabaseSync(filename)
  for (const statement of statements) database.exec(`${many} ${statement}`)
}

/** Returns the statement that gives checks `c` 100,000 flips, with their numbers and instants in SQL. */
export const flips = (checks: string, { n, at }: { readonly n: string; readonly at: string }): string =>
  `INSERT INTO flips (project, check_key, n, at, from_status, to_status, reason, is_blind, is_quiet)
  SELECT c.project, c.key, ${n}, ${at}, 'up', 'down', 'fail', 0, 0 FROM many, checks c WHERE ${checks}`

/** Returns the statement that has told channels `h` of flips `f`, each when it happened. */
export const deliveries = (channelsAndFlips: string): string =>
  `INSERT INTO deliveries
    (project, check_key, channel_key, id, flip, occasion, at, status, attempts, due_at, is_leased, settled_at)
  SELECT f.project, f.check_key, h.key, lower(hex(randomblob(16))), f.n, 'flip', f.at, 'delivered', 1, f.at, 0, f.at
  FROM flips f, channels h WHERE ${channelsAndFlips}`
