/** Which server a check watches, so that a report finds the thresholds on it. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 13

/** See `Migration`. */
export const name = "thresholds"

/** See `Migration`. */
export const statements = ({ text }: Types): readonly string[] => [
  `ALTER TABLE checks ADD COLUMN watches ${text}`,
  // Few checks have one, and pings of the others write nothing here.
  "CREATE INDEX checks_of_server ON checks (watches) WHERE watches IS NOT NULL",
]
