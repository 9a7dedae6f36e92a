/** A range of cron that goes past the end of its field: `22-2`, `FRI-MON`. */
import * as Weekday from "./Weekday.ts"

const lasts = [59, 23, 31, 12, 6]
const firsts = [0, 0, 1, 1, 0]

/** Returns the five words of a cron line with each such range written as two; `undefined` when there is none. */
export const split = (words: readonly string[]): readonly string[] | undefined => {
  let isWrapped = false
  const plain = words.map((word, field) =>
    word.replace(/(^|,)(\d{1,2}|[a-z]{3})-(\d{1,2}|[a-z]{3})(?=,|$)/gi, (range, comma, low, high) => {
      const [first = -1, last = -1] = [low, high].map((end: string) =>
        /\d/.test(end) ? Number(end) : Weekday.number(end),
      )
      if (first < 0 || last < 0 || last >= first || (field === 3 && !/\d/.test(range))) return range
      isWrapped = true
      const isNamed = !/\d/.test(low)
      const show = (end: number): string => (isNamed ? Weekday.names[end]! : String(end))
      const upper = first === lasts[field] ? show(first) : `${show(first)}-${show(lasts[field]!)}`
      const lower = last === firsts[field] ? show(last) : `${show(firsts[field]!)}-${show(last)}`
      return `${comma}${upper},${lower}`
    }),
  )
  return isWrapped ? plain : undefined
}
