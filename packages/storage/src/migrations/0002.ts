/** What a channel is told: switches, how it last went, what its kind remembers of an outage; and the zone of a project. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 2

/** See `Migration`. */
export const name = "switches and memories of channels, zones of projects"

/** See `Migration`. */
export const statements = ({ integer, text, table }: Types): readonly string[] => [
  `ALTER TABLE projects ADD COLUMN zone ${text} NOT NULL DEFAULT 'UTC'`,

  `ALTER TABLE channels ADD COLUMN tells_down ${integer} NOT NULL DEFAULT 1`,
  `ALTER TABLE channels ADD COLUMN tells_up ${integer} NOT NULL DEFAULT 1`,
  `ALTER TABLE channels ADD COLUMN tells_reminders ${integer} NOT NULL DEFAULT 1`,
  `ALTER TABLE channels ADD COLUMN quiet ${text}`,
  `ALTER TABLE channels ADD COLUMN last_success ${integer}`,
  `ALTER TABLE channels ADD COLUMN last_error_at ${integer}`,
  `ALTER TABLE channels ADD COLUMN last_error ${text}`,

  // By the flip that began the outage, with which it goes.
  `CREATE TABLE memories (
    channel_key ${integer} NOT NULL REFERENCES channels (key) ON DELETE CASCADE,
    check_key ${integer} NOT NULL,
    flip ${integer} NOT NULL,
    value ${text} NOT NULL,
    PRIMARY KEY (channel_key, check_key, flip),
    FOREIGN KEY (check_key, flip) REFERENCES flips (check_key, n) ON DELETE CASCADE
  )${table}`,
  `CREATE INDEX memories_of_flip ON memories (check_key, flip)`,

  // How many others are down is told with each alert.
  `CREATE INDEX checks_down ON checks (project) WHERE status = 'down'`,
]
