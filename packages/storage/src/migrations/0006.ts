/** Which secret the keys of the database were made under; what keys are called; and room for more checks. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 6

/** See `Migration`. */
export const name = "settings of the installation, labels of keys, limit of 10,000 checks"

/** See `Migration`. */
export const statements = ({ text, table }: Types): readonly string[] => [
  `CREATE TABLE settings (
    name ${text} NOT NULL PRIMARY KEY,
    value ${text} NOT NULL
  )${table}`,

  `ALTER TABLE api_keys ADD COLUMN label ${text} NOT NULL DEFAULT ''`,

  // 500 was the default, which nobody could change.
  `UPDATE projects SET check_limit = 10000 WHERE check_limit = 500`,
]
