/** Flags of a command as a table, from which parsing, environment variables and help derive. */
import { UsageError } from "./Failure.ts"
import type { Environment } from "./Io.ts"
import { nearest } from "./Nearest.ts"

interface Common {
  readonly help: string
  /** One letter, without the dash. */
  readonly short?: string
  /** Another name of the flag, without the dashes. */
  readonly alias?: string
  /** The environment variable that is read when the flag is absent; an empty one counts as absent. */
  readonly env?: string
}

/** A flag with a value; of several, the last one counts. */
export interface Text extends Common {
  readonly kind: "text"
  /** What the value is, in capitals, for the help: `URL`, `SECONDS`. */
  readonly value: string
  /** Shown in the help. It is the command that applies it. */
  readonly default?: string
  readonly choices?: readonly string[]
}

/** A flag that may be given several times. */
export interface Texts extends Common {
  readonly kind: "texts"
  readonly value: string
}

/** A flag without a value. */
export interface Switch extends Common {
  readonly kind: "switch"
  /** On unless `--no-…` is given; the help then says what turning it off does. */
  readonly isOn?: true
}

/** A flag without a value that may also be left as it is: `--name`, `--no-name`, or neither. */
export interface Toggle extends Common {
  readonly kind: "toggle"
}

/** One flag of a command. */
export type Flag = Text | Texts | Switch | Toggle
/** The flags of a command by their names, without the dashes. */
export type Flags = Readonly<Record<string, Flag>>

/** What was given: `undefined` for an absent text or toggle, an empty list for absent texts; a switch is true or false. */
export type Values<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends Texts
    ? readonly string[]
    : F[K] extends Switch
      ? boolean
      : F[K] extends Toggle
        ? boolean | undefined
        : string | undefined
}

/** Whether the word after the flag is its value. */
export const takesValue = (flag: Flag): flag is Text | Texts => flag.kind === "text" || flag.kind === "texts"

/** A command line, taken apart. */
export interface Parsed<F extends Flags> {
  readonly flags: Values<F>
  /** The arguments that belong to no flag. */
  readonly positionals: readonly string[]
  /** Everything after `--`; `undefined` when there is none. */
  readonly rest: readonly string[] | undefined
}

/**
 * Reads `--flag value`, `--flag=value`, `-f value` and switches, which `--no-flag` turns off; then the environment.
 * Fails with a `UsageError` for a flag that is unknown or lacks its value.
 */
export const parse = <const F extends Flags>(
  flags: F,
  args: readonly string[],
  environment: Environment,
): Parsed<F> => {
  const given = new Map<string, string[]>()
  const positionals: string[] = []
  let rest: readonly string[] | undefined
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!
    if (arg === "--") {
      rest = args.slice(index + 1)
      break
    }
    if (!arg.startsWith("-") || arg === "-") {
      positionals.push(arg)
      continue
    }
    const equals = arg.indexOf("=")
    const word = equals < 0 ? arg : arg.slice(0, equals)
    const { name, isNegated } = find(flags, word)
    const flag = flags[name]!
    if (!takesValue(flag)) {
      if (equals >= 0) throw new UsageError(`${word} takes no value`)
      given.set(name, [isNegated ? "false" : "true"])
      continue
    }
    const value = equals < 0 ? args[++index] : arg.slice(equals + 1)
    if (value === undefined || (equals < 0 && value === "--")) {
      throw new UsageError(`${word} needs a value: ${word} ${flag.value}`)
    }
    // The last of several counts, so that a flag in an alias or a script can be overridden.
    given.set(name, flag.kind === "text" ? [value] : [...(given.get(name) ?? []), value])
  }
  const values: Record<string, unknown> = {}
  for (const [name, flag] of Object.entries(flags)) {
    values[name] = read(name, flag, given.get(name), environment)
  }
  // safe because every key of F was just read by its kind
  return { flags: values as Values<F>, positionals, rest }
}

const find = (flags: Flags, word: string): { readonly name: string; readonly isNegated: boolean } => {
  if (!word.startsWith("--")) {
    const name = Object.keys(flags).find((name) => flags[name]!.short === word.slice(1))
    if (name !== undefined) return { name, isNegated: false }
  } else {
    const name = named(flags, word.slice(2))
    if (Object.hasOwn(flags, name)) return { name, isNegated: false }
    const positive = name.startsWith("no-") ? named(flags, name.slice(3)) : ""
    if (Object.hasOwn(flags, positive) && !takesValue(flags[positive]!)) {
      return { name: positive, isNegated: true }
    }
  }
  const near = nearest(
    word,
    Object.keys(flags).map((name) => `--${name}`),
  )
  if (/^-\d/.test(word)) {
    throw new UsageError(`there is no flag ${word}; if it is an argument, write -- before it`)
  }
  const hint = near === undefined ? "" : `; did you mean ${near}?`
  throw new UsageError(`there is no flag ${word}${hint}`)
}

/** Returns the name of the flag that has the word as its alias; the word itself when none has. */
const named = (flags: Flags, word: string): string =>
  Object.keys(flags).find((name) => flags[name]!.alias === word) ?? word

const read = (name: string, flag: Flag, given: readonly string[] | undefined, environment: Environment) => {
  const fallback = flag.env === undefined ? undefined : environment[flag.env] || undefined
  if (!takesValue(flag)) {
    const word = given?.[0] ?? fallback?.toLowerCase()
    if (word !== undefined) return !["false", "0", "no", "off"].includes(word)
    return flag.kind === "toggle" ? undefined : flag.isOn === true
  }
  if (flag.kind === "texts") return given ?? (fallback === undefined ? [] : [fallback])
  const value = given?.[0] ?? fallback
  if (value !== undefined && flag.choices !== undefined && !flag.choices.includes(value)) {
    const source = given === undefined ? flag.env : `--${name}`
    const near = nearest(value, flag.choices)
    const hint = near === undefined ? "" : `; did you mean ${near}?`
    throw new UsageError(
      `${source} is one of ${flag.choices.join(", ")}, not ${JSON.stringify(value)}${hint}`,
    )
  }
  return value
}

/**
 * Returns a whole number from `least` to `most`, both inclusive; `undefined` for `undefined`. Fails with a
 * `UsageError`.
 */
export const whole = (
  name: string,
  text: string | undefined,
  bounds: { readonly least: number; readonly most: number },
): number | undefined => {
  if (text === undefined) return undefined
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= bounds.least && value <= bounds.most)) {
    throw new UsageError(
      `${name} is a whole number from ${bounds.least} to ${bounds.most}, not ${JSON.stringify(text)}`,
    )
  }
  return value
}
