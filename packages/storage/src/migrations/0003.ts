/** What one failure is, what is kept back and until when: marks of checks that few of them have, silence, and quiet flips. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 3

/** See `Migration`. */
export const name = "marks of checks, silent projects, flips in quiet windows"

/** See `Migration`. */
export const statements = ({ integer, text }: Types): readonly string[] => [
  // Without marks: the anchor is a signal's, no failure stands, nothing is kept back, nobody asked for silence.
  `ALTER TABLE checks ADD COLUMN marks ${text}`,
  `ALTER TABLE projects ADD COLUMN silenced_until ${integer}`,
  `ALTER TABLE flips ADD COLUMN is_quiet ${integer} NOT NULL DEFAULT 0`,
]
