/** Sets of numbers as the two languages write them, in one way each: what reads them back gets the same set. */

/** How a language writes a field. */
export interface Notation {
  readonly first: number
  readonly last: number
  /** Between the ends of a range. */
  readonly to: string
  readonly show: (value: number) => string
  /** What an evenly spaced set ends with when no further member fits: cron wants a range, systemd none. */
  readonly openSteps: boolean
}

/** Ranges of three or more, steps, and single values: "1-5", "0-59/15", "1,3". `values` ascend. */
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

/** As a field that begins with `*`; the smallest value is among them. */
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

export const isAll = (values: readonly number[], { first, last }: Notation): boolean =>
  values.length === last - first + 1

/** Evenly spaced from the first to the end: what `*` with a step stands for. */
export const isEven = (values: readonly number[], { first, last }: Notation): boolean =>
  spacing(values) > 0 && values[0] === first && values.at(-1)! + spacing(values) > last

/** The first and last of each stretch without gaps. */
export const runs = (values: readonly number[]): readonly (readonly [first: number, last: number])[] => {
  const found: [number, number][] = []
  for (const value of values) {
    const run = found.at(-1)
    if (run !== undefined && run[1] === value - 1) run[1] = value
    else found.push([value, value])
  }
  return found
}

/** The distance between neighbours, if there are at least three values and all are equally far apart; otherwise 0. */
export const spacing = (values: readonly number[]): number => {
  if (values.length < 3) return 0
  const step = values[1]! - values[0]!
  return values.every((value, index) => value === values[0]! + index * step) ? step : 0
}

const write = (first: number, last: number, { show, to }: Notation): string => {
  if (first === last) return show(first)
  return last === first + 1 ? `${show(first)},${show(last)}` : `${show(first)}${to}${show(last)}`
}
