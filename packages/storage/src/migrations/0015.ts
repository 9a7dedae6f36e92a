/** Keys by the block: for a ping, to count up took a sixth of what it costs a server. */
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
