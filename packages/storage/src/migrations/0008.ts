/** A number that changes whenever blind spans do, so that a unit of work need not read them all to know them. */

import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 8

/** See `Migration`. */
export const name = "the version of blind spans"

/** See `Migration`. */
export const statements = ({ integer }: Types): readonly string[] => [
  `ALTER TABLE awake ADD COLUMN blind_version ${integer} NOT NULL DEFAULT 0`,
]
