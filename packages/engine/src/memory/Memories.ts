/** What kinds of channels remember of outages, in a memory store. */
/** What is remembered, as JSON text. */
export type Memories = Map<string, string>

/** Identifies what a kind of channel remembers: for which channel, and of which outage. */
export interface Memory {
  readonly channel: string
  readonly check: string
  /** Number of the flip that began the outage. */
  readonly flip: number
}

/** Returns what was remembered; `undefined` when nothing was. */
export const recall = (memories: Memories, memory: Memory): unknown => {
  const known = memories.get(memoryKey(memory))
  return known === undefined ? undefined : JSON.parse(known)
}

/** Remembers a JSON value in place of the one before. */
export const remember = (memories: Memories, memory: Memory, value: unknown): void => {
  memories.set(memoryKey(memory), JSON.stringify(value))
}

/** Deletes the memories for which `is` holds. */
export const forget = (memories: Memories, is: (memory: Memory) => boolean): void => {
  for (const key of memories.keys()) {
    const [channel = "", check = "", flip = ""] = key.split(" ")
    if (is({ channel, check, flip: Number(flip) })) memories.delete(key)
  }
}

const memoryKey = ({ channel, check, flip }: Memory): string => `${channel} ${check} ${flip}`
