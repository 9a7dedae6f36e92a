/**
 * Numbers of checks, channels and groups among those of their project, groups, when a check was last changed, totals that
 * pruning does not change, and what only one API knows of a ping.
 *
 * Totals begin with what is kept: successes in the log, and flips.
 */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 10

/** See `Migration`. */
export const name = "numbers, groups, totals"

/** See `Migration`. */
export const statements = ({ key, integer, text, table }: Types): readonly string[] => [
  `ALTER TABLE projects ADD COLUMN check_serial ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE projects ADD COLUMN channel_serial ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE projects ADD COLUMN group_serial ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE checks ADD COLUMN serial ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE channels ADD COLUMN serial ${integer} NOT NULL DEFAULT 0`,
  ...["checks", "channels"].map(
    (numbered) => `UPDATE ${numbered} SET serial = s.number
      FROM (SELECT key, row_number() OVER (PARTITION BY project ORDER BY key) AS number FROM ${numbered}) s
      WHERE s.key = ${numbered}.key`,
  ),
  `UPDATE projects SET
    check_serial = (SELECT count(*) FROM checks c WHERE c.project = projects.key),
    channel_serial = (SELECT count(*) FROM channels h WHERE h.project = projects.key)`,
  `CREATE INDEX checks_of_serial ON checks (project, serial)`,

  `CREATE TABLE check_groups (
    key ${key},
    project ${integer} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    id ${text} NOT NULL UNIQUE,
    serial ${integer} NOT NULL,
    name ${text} NOT NULL,
    color ${text} NOT NULL,
    extension ${text},
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL
  )${table}`,
  `CREATE INDEX check_groups_of_project ON check_groups (project, key)`,
  `ALTER TABLE checks ADD COLUMN group_id ${text}`,

  `ALTER TABLE checks ADD COLUMN updated_at ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE checks ADD COLUMN successes ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE checks ADD COLUMN missed ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE checks ADD COLUMN missed_since ${integer}`,
  `ALTER TABLE checks ADD COLUMN up_for ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE checks ADD COLUMN down_for ${integer} NOT NULL DEFAULT 0`,
  `UPDATE checks SET updated_at = created_at,
    missed_since = CASE WHEN status IN ('up', 'down') THEN coalesce(last_ping, last_success) END`,
  `UPDATE checks SET successes = s.number
    FROM (SELECT check_key, count(*) AS number FROM pings WHERE kind = 'success' GROUP BY check_key) s
    WHERE s.check_key = checks.key`,
  `UPDATE checks SET up_for = s.up, down_for = s.down
    FROM (
      SELECT check_key, coalesce(sum(CASE WHEN from_status = 'up' THEN lasted END), 0) AS up,
        coalesce(sum(CASE WHEN from_status = 'down' THEN lasted END), 0) AS down
      FROM (SELECT check_key, from_status, at - lag(at) OVER (PARTITION BY check_key ORDER BY n) AS lasted FROM flips) f
      GROUP BY check_key
    ) s
    WHERE s.check_key = checks.key`,

  `ALTER TABLE pings ADD COLUMN extension ${text}`,
]
