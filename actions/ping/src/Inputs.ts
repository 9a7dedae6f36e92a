/** The inputs of a step, checked together, so that one run names every mistake. */
import { getInput } from "@actions/core"

/** Inputs are wrong; the message names every mistake. */
export class InvalidInputs extends Error {
  readonly _tag = "InvalidInputs"
}

/** Reads inputs by name and collects what is wrong with them. Absent ones are `undefined`. */
export interface Reader {
  /** `undefined` when empty, too: the runner does not tell an empty input from an absent one. */
  readonly text: (name: string) => string | undefined
  readonly flag: (name: string) => boolean
  readonly oneOf: <const A extends string>(name: string, choices: readonly A[]) => A | undefined
  /** Whole seconds from `90`, `45s`, `15m`, `2h`, `1d`, `1h 30m`. */
  readonly span: (
    name: string,
    bounds: { readonly least: number; readonly most: number },
  ) => number | undefined
  readonly whole: (
    name: string,
    bounds: { readonly least: number; readonly most: number },
  ) => number | undefined
  /** Items separated by white space or commas. */
  readonly items: (name: string) => readonly string[]
  /** Adds a mistake. */
  readonly refuse: (sentence: string) => void
  /** The mistakes so far. */
  readonly problems: readonly string[]
  /** Throws `InvalidInputs` when there are mistakes. */
  readonly finish: () => void
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Returns a reader of the inputs of this step. */
export const reader = (): Reader => {
  const problems: string[] = []
  const refuse = (sentence: string) => void problems.push(sentence)
  const text = (name: string) => getInput(name) || undefined

  const flag = (name: string) => {
    const value = text(name)?.toLowerCase()
    if (value !== undefined && value !== "true" && value !== "false") {
      refuse(`${name} is true or false, not ${JSON.stringify(value)}`)
    }
    return value === "true"
  }

  const oneOf = <const A extends string>(name: string, choices: readonly A[]) => {
    const value = text(name)
    const choice = choices.find((choice) => choice === value)
    if (value !== undefined && choice === undefined) {
      refuse(`${name} is one of ${choices.join(", ")}, not ${JSON.stringify(value)}`)
    }
    return choice
  }

  const span: Reader["span"] = (name, { least, most }) => {
    const value = text(name)
    if (value === undefined) return undefined
    const isSpan = /^(\d{1,9}|(\d{1,9}[smhdw]\s*)+)$/.test(value)
    let seconds = 0
    for (const [, count, unit = "s"] of value.matchAll(/(\d+)([smhdw])?/g))
      seconds += Number(count) * units[unit]!
    if (!isSpan)
      refuse(`${name} is a length of time such as 90s, 15m, 2h or 1d, not ${JSON.stringify(value)}`)
    else if (seconds < least || seconds > most) {
      refuse(
        `${name} is at least ${printSpan(least)} and at most ${printSpan(most)}, not ${JSON.stringify(value)}`,
      )
    }
    return seconds
  }

  const whole: Reader["whole"] = (name, { least, most }) => {
    const value = text(name)
    if (value === undefined) return undefined
    const count = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    if (!(count >= least && count <= most)) {
      refuse(`${name} is a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`)
    }
    return count
  }

  const items = (name: string) => (text(name) ?? "").split(/[\s,]+/).filter((item) => item !== "")

  const finish = () => {
    if (problems.length > 0) throw new InvalidInputs(problems.join("; "))
  }

  return { text, flag, oneOf, span, whole, items, refuse, problems, finish }
}

/** Returns seconds as text in the two largest units, rounded down: `3d 4h`, `2m 5s`. */
export const printSpan = (seconds: number): string => {
  let rest = Math.floor(seconds)
  const parts: string[] = []
  for (const unit of ["d", "h", "m", "s"]) {
    const count = Math.floor(rest / units[unit]!)
    rest -= count * units[unit]!
    if (count > 0) parts.push(`${count}${unit}`)
    if (parts.length === 2) break
  }
  return parts.join(" ") || "0s"
}

/** Returns an address; a wrong one is a mistake that is not repeated, because it may be a secret. */
export const address = (read: Reader, name: string, value: string | undefined): string | undefined => {
  if (value === undefined || (URL.canParse(value) && /^https?:\/\//.test(value))) return value
  read.refuse(`${name} must begin with https:// or http:// and a host`)
  return undefined
}
