/** Which secret the keys of the database were made under; and room for more checks in projects that have the old limit. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 6

/** See `Migration`. */
export const name = "settings of the installation, limit of 10,000 checks"

/** See `Migration`. */
export const statements = ({ text, table }: Types): readonly string[] => [
  `CREATE TABLE settings (
    name ${text} NOT NULL PRIMARY KEY,
    value ${text} NOT NULL
  )${table}`,

  // 500 was the default, which nobody could change.
  `UPDATE projects SET check_limit = 10000 WHERE check_limit = 500`,
]
