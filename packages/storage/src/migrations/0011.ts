/** Where signals of checks come from, when their probes are due, and which regions have probers of their own. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 11

/** See `Migration`. */
export const name = "probes"

/** See `Migration`. */
export const statements = ({ integer, text, table }: Types): readonly string[] => [
  `ALTER TABLE checks ADD COLUMN family ${text}`,
  `ALTER TABLE flips ADD COLUMN result ${text}`,
  // A row for each region that a check is asked from. `queue` is the region when a prober serves it, or else empty: the
  // engine asks itself. The instant at which it is due and the key of the check are its place in the queue.
  `CREATE TABLE turns (
    check_key ${integer} NOT NULL REFERENCES checks (key) ON DELETE CASCADE,
    region ${text} NOT NULL,
    every ${integer} NOT NULL,
    queue ${text} NOT NULL,
    due_at ${integer} NOT NULL,
    PRIMARY KEY (check_key, region)
  )${table}`,
  `CREATE INDEX turns_of_queue ON turns (queue, due_at)`,
  // Of one project, or of all when that is 0.
  `CREATE TABLE probers (
    project ${integer} NOT NULL,
    region ${text} NOT NULL,
    asked_at ${integer} NOT NULL,
    PRIMARY KEY (project, region)
  )${table}`,
]
