/**
 * Which transactions were committed, in the database itself: when a connection breaks between a commit and its answer, only
 * the database knows. Nothing else tells for certain: after a crash, or on another server, the number of a transaction that
 * left nothing behind is given to another one.
 *
 * Each connection has a row, in which each of its transactions leaves its number. Who asks afterwards waits for the row until
 * the transaction has ended, and leaves the number as a fence that a transaction which is still on its way runs into.
 */
import type { Row } from "../Connection.ts"
import type { Once } from "./Together.ts"

/** The name of the table. */
export const name = "commits"

/** What makes it; one row for each connection that is or was open within a day. */
export const table = `CREATE TABLE commits (
  connection text NOT NULL PRIMARY KEY,
  n bigint NOT NULL,
  fence bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50)`

/** Begins a connection; its parameter is the name of it. */
export const beginning = "INSERT INTO commits (connection, n, fence) VALUES (?, 0, 0)"

/** Deletes what connections have left that ended long ago. */
export const forgetting = "DELETE FROM commits WHERE at < now() - interval '1 day'"

/** Asks for the number of the last transaction of a connection that was committed, and leaves a fence. */
export const asking = "UPDATE commits SET fence = ? WHERE connection = ? RETURNING n"

/** A transaction: the name of its connection, and its number among those of it. */
export interface Place {
  readonly connection: string
  readonly n: number
}

/** Returns what leaves the number of a transaction in it. Fails behind the fence. */
export const leaving = ({ connection, n }: Place): Once => ({
  text: "UPDATE commits SET n = $1::bigint / CASE WHEN fence < $1 THEN 1 ELSE 0 END, at = now() WHERE connection = $2",
  parameters: [String(n), connection],
})

/** Returns the parameters of `asking`. */
export const asked = ({ connection, n }: Place): Row => [n, connection]
