/** The project in every table, so that each can be distributed by it; bodies of pings apart; room for updates in place. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 14

/** See `Migration`. */
export const name = "the project in every table, bodies apart"

/** See `Migration`. */
export const statements = ({ integer, bytes, table, tune }: Types): readonly string[] => [
  ...["memories", "turns", "series", "samples", "buckets"].map(
    (one) => `ALTER TABLE ${one} ADD COLUMN project ${integer} NOT NULL DEFAULT 0`,
  ),
  ...["memories", "turns", "series"].map(
    (one) => `UPDATE ${one} SET project = coalesce(
      (SELECT c.project FROM checks c WHERE c.key = ${one}.check_key), 0)`,
  ),
  ...["samples", "buckets"].map(
    (one) => `UPDATE ${one} SET project = coalesce(
      (SELECT s.project FROM series s WHERE s.key = ${one}.series_key), 0)`,
  ),

  // Of pings whose rows would be large by them, where a database reads rows by pages: the log is walked without bodies.
  `CREATE TABLE ping_bodies (
    key ${integer} NOT NULL PRIMARY KEY,
    project ${integer} NOT NULL,
    body ${bytes} NOT NULL
  )${table}`,

  // Every ping updates its check, and hardly ever a column of an index: with room in the page, no index is written.
  ...tune("checks", { fillfactor: 70, autovacuum_vacuum_scale_factor: 0.05 }),
  // Few of them wait at a time, and each is updated twice or three times, soon after it was written.
  ...tune("deliveries", { fillfactor: 80, autovacuum_vacuum_scale_factor: 0.05 }),
  ...tune("turns", { fillfactor: 70, autovacuum_vacuum_scale_factor: 0.05 }),
  // Only appended to, and pruned by the hundred: a fifth of a large log would be long to wait for.
  ...tune("pings", { autovacuum_vacuum_scale_factor: 0.05, autovacuum_vacuum_insert_scale_factor: 0.05 }),
]
