/** Numbers of /proc and what is made of them. */

/** A file that is there and does not say what it should; the message completes "NAME …". */
export class Unreadable extends Error {
  readonly _tag = "Unreadable"
}

/** Returns a number that is written in digits alone; `undefined` for anything else. */
export const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined

/** Returns a part as a percentage with two decimals, from 0 to 100; 0 when the whole is nothing. */
export const percent = (part: number, whole: number): number =>
  whole > 0 ? rounded(Math.min(100, Math.max(0, (part / whole) * 100))) : 0

/** Returns a figure with two decimals. */
export const rounded = (figure: number): number => Math.round(figure * 100) / 100

/** Two counters of bytes that only grow, such as those of an interface: in and out. */
export type Pair = readonly [number, number]

/** Returns bytes a second of all that have grown in between, those that moved most if they are too many. */
export const rates = (
  before: ReadonlyMap<string, Pair>,
  after: ReadonlyMap<string, Pair>,
  { seconds, most }: { readonly seconds: number; readonly most: number },
): readonly (readonly [name: string, rate: Pair])[] => {
  const found: (readonly [string, Pair])[] = []
  for (const [name, [inwards, outwards]] of after) {
    const earlier = before.get(name)
    // It has just come, has begun anew, or its counter of 32 bits has wrapped: no figure is better than a wrong one.
    if (earlier === undefined || inwards < earlier[0] || outwards < earlier[1]) continue
    found.push([
      name,
      [Math.round((inwards - earlier[0]) / seconds), Math.round((outwards - earlier[1]) / seconds)],
    ])
  }
  if (found.length <= most) return found
  return found.sort(([, a], [, b]) => b[0] + b[1] - a[0] - a[1]).slice(0, most)
}
