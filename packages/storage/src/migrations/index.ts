/** Every change of the schema, oldest first. A number, once released, always means the same statements. */
import type { Types } from "../Flavour.ts"
import * as First from "./0001.ts"
import * as Second from "./0002.ts"
import * as Third from "./0003.ts"
import * as Fourth from "./0004.ts"
import * as Fifth from "./0005.ts"
import * as Sixth from "./0006.ts"
import * as Seventh from "./0007.ts"
import * as Eighth from "./0008.ts"
import * as Ninth from "./0009.ts"
import * as Tenth from "./0010.ts"
import * as Eleventh from "./0011.ts"
import * as Twelfth from "./0012.ts"
import * as Thirteenth from "./0013.ts"
import * as Fourteenth from "./0014.ts"
import * as Fifteenth from "./0015.ts"

/** One change of the schema. */
export interface Migration {
  /** Counts from 1 without gaps. */
  readonly version: number
  readonly name: string
  readonly statements: (types: Types) => readonly string[]
}

/** All migrations, by ascending version. */
export const all: readonly Migration[] = [
  First,
  Second,
  Third,
  Fourth,
  Fifth,
  Sixth,
  Seventh,
  Eighth,
  Ninth,
  Tenth,
  Eleventh,
  Twelfth,
  Thirteenth,
  Fourteenth,
  Fifteenth,
]
