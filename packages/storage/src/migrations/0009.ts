/** Which blind spans are none in which nobody was awake, but such as the clock has leapt over. */

import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 9

/** See `Migration`. */
export const name = "steps of the clock"

/** See `Migration`. */
export const statements = ({ integer }: Types): readonly string[] => [
  `ALTER TABLE blind_spans ADD COLUMN is_step ${integer} NOT NULL DEFAULT 0`,
]
