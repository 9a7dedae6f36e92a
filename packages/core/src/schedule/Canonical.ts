/** The canonical text of a set of numbers, in cron and in OnCalendar: reading it back gives the same set. */

/** How a language writes the numbers of a field. */
export interface Notation {
  readonly first: number
  readonly last: number
  /** The sign between the ends of a range. */
  readonly to: string
  readonly show: (value: number) => string
  /** Whether `2/5` is short for a range with a step up to the end: so in systemd, while cron needs the range. */
  readonly openSteps: boolean
}

/** Returns ascending values as ranges of three or more, steps, and single values: "1-5", "0-59/15", "1,3". */
export const list = (values: readonly number[], notation: Notation): string => {
  const { show, to, last: end } = notation
  const step = spacing(values)
  if (step > 1) {
    const first = values[0]!
    const last = values.at(-1)!
    if (last + step <= end) return `${show(first)}${to}${show(last)}/${step}`
    return notation.openSteps ? `${show(first)}/${step}` : `${show(first)}${to}${show(end)}/${step}`
  }
  return runs(values)
    .map(([first, last]) => write(first, last, notation))
    .join(",")
}

/** Returns the values as a field that begins with `*`. The first value of the field must be among them. */
export const starred = (values: readonly number[], notation: Notation): string => {
  const { first, last } = notation
  for (let step = 1; ; step++) {
    const covered = values.filter((value) => (value - first) % step === 0)
    if (covered.length < Math.floor((last - first) / step) + 1) continue
    const rest = values.filter((value) => (value - first) % step !== 0)
    const star = step === 1 ? "*" : `*/${step}`
    return rest.length === 0 ? star : `${star},${list(rest, notation)}`
  }
}

/** Whether the values are all that the field has. */
export const isAll = (values: readonly number[], { first, last }: Notation): boolean =>
  values.length === last - first + 1

/** Whether the values are what `*` with a step means: evenly spaced, from the first of the field to its end. */
export const isEven = (values: readonly number[], { first, last }: Notation): boolean =>
  spacing(values) > 0 && values[0] === first && values.at(-1)! + spacing(values) > last

/** Returns the first and last value of each stretch without gaps. */
export const runs = (values: readonly number[]): readonly (readonly [first: number, last: number])[] => {
  const found: [number, number][] = []
  for (const value of values) {
    const run = found.at(-1)
    if (run !== undefined && run[1] === value - 1) run[1] = value
    else found.push([value, value])
  }
  return found
}

/** Returns the distance between neighbours of three or more values that are all equally far apart; otherwise 0. */
export const spacing = (values: readonly number[]): number => {
  if (values.length < 3) return 0
  const step = values[1]! - values[0]!
  return values.every((value, index) => value === values[0]! + index * step) ? step : 0
}

const write = (first: number, last: number, { show, to }: Notation): string => {
  if (first === last) return show(first)
  return last === first + 1 ? `${show(first)},${show(last)}` : `${show(first)}${to}${show(last)}`
}
