/** Samples of checks, and what they are thinned to. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 12

/** See `Migration`. */
export const name = "samples"

/** See `Migration`. */
export const statements = ({
  key,
  integer,
  number,
  text,
  bytes,
  table,
  ordered,
}: Types): readonly string[] => [
  // Of no check once that is deleted: its samples may be many, and go a few at a time.
  `CREATE TABLE series (
    key ${key},
    check_key ${integer} REFERENCES checks (key) ON DELETE SET NULL,
    name ${text} NOT NULL,
    UNIQUE (check_key, name)
  )${table}`,
  `CREATE TABLE samples (
    series_key ${integer} NOT NULL REFERENCES series (key),
    at ${integer} NOT NULL,
    value ${number} NOT NULL,
    is_failure ${integer} NOT NULL,
    PRIMARY KEY (series_key, at)
  )${ordered}`,
  // Minutes, or hours. Of a single sample, the smallest and the largest are the sum, and there is no histogram.
  `CREATE TABLE buckets (
    series_key ${integer} NOT NULL REFERENCES series (key),
    is_hour ${integer} NOT NULL,
    at ${integer} NOT NULL,
    count ${integer} NOT NULL,
    failures ${integer} NOT NULL,
    sum ${number} NOT NULL,
    min ${number},
    max ${number},
    histogram ${bytes},
    PRIMARY KEY (series_key, is_hour, at)
  )${ordered}`,
]
