/** Keys of what is written with pings, by the block. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 15

/** See `Migration`. */
export const name = "keys by the block"

/** See `Migration`. */
export const statements = ({ countByBlocks }: Types): readonly string[] => [
  ...countByBlocks("pings"),
  ...countByBlocks("series"),
]
