/** What becomes of deliveries: why they wait, how often they failed, when they ended; channels that fail; dependence. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 4

/** See `Migration`. */
export const name = "causes of deliveries, failing channels, checks that depend on others"

/** See `Migration`. */
export const statements = ({ integer, text }: Types): readonly string[] => [
  `ALTER TABLE deliveries ADD COLUMN cause ${text}`,
  `ALTER TABLE deliveries ADD COLUMN failures ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE deliveries ADD COLUMN settled_at ${integer}`,
  `UPDATE deliveries SET settled_at = due_at WHERE status <> 'pending'`,
  // What was dead before has an error, and most often its channel is disabled.
  `UPDATE deliveries SET cause = CASE
      WHEN EXISTS (SELECT 1 FROM channels h WHERE h.key = deliveries.channel_key AND h.disabled IS NOT NULL)
      THEN 'disabled' ELSE 'exhausted' END
    WHERE status = 'dead'`,
  `UPDATE deliveries SET cause = CASE WHEN error LIKE 'the channel has quiet hours %' THEN 'quiet' ELSE 'failed' END,
      failures = CASE WHEN error LIKE 'the channel has quiet hours %' THEN 0 ELSE attempts END
    WHERE status = 'pending' AND error IS NOT NULL`,
  `CREATE INDEX deliveries_held ON deliveries (project) WHERE status = 'pending' AND cause = 'held'`,
  `CREATE INDEX deliveries_waiting ON deliveries (channel_key) WHERE status = 'pending'`,
  `CREATE INDEX deliveries_leased ON deliveries (channel_key, due_at) WHERE status = 'pending' AND is_leased = 1`,

  `ALTER TABLE channels ADD COLUMN failing_since ${integer}`,
  `ALTER TABLE channels ADD COLUMN gone_since ${integer}`,

  // Slugs and tags of other checks; null, as for nearly all checks, when it depends on none.
  `ALTER TABLE checks ADD COLUMN depends_on ${text}`,
]
