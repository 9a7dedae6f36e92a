/** The arguments of a command line that belong to no flag: how many a command takes, and what it says otherwise. */
import { UsageError } from "./Failure.ts"
import { parse, type Flags, type Values } from "./Flags.ts"
import type { Environment } from "./Io.ts"

/** What an argument stands for, in the words of an error message. */
export interface Meaning {
  readonly noun: string
  /** How it is named: "its id, slug or name". */
  readonly by: string
}

/** A check, as every command that takes one finds it. */
export const check: Meaning = { noun: "check", by: "its id, slug or name" }

/** A channel, as every command that takes one finds it. */
export const channel: Meaning = { noun: "channel", by: "its name or id" }

/** An alert on its way to a channel, as every command that takes one finds it. */
export const alert: Meaning = { noun: "alert", by: "its id, as `overdue alerts list` shows it" }

/** An API key, as every command that takes one finds it. */
export const key: Meaning = { noun: "key", by: "its first characters, as `overdue keys list` prints them" }

/** For commands that take flags only. Fails with a `UsageError` when there is an argument. */
export const none = (given: readonly string[]): void => {
  if (given[0] !== undefined) {
    throw new UsageError(`unexpected argument ${JSON.stringify(given[0])}: this command takes flags only`)
  }
}

/** Returns the flags of a command that takes nothing else. Fails with a `UsageError` when there is an argument. */
export const flagsAlone = <const F extends Flags>(
  flags: F,
  args: readonly string[],
  environment: Environment,
): Values<F> => {
  const { flags: given, positionals, rest = [] } = parse(flags, args, environment)
  none([...positionals, ...rest])
  return given
}

/** Returns the only argument. Fails with a `UsageError` when there is none, or more than one. */
export const one = (given: readonly string[], { noun, by }: Meaning): string => {
  const [first, ...others] = given
  if (first === undefined) throw new UsageError(`name the ${noun} by ${by}`)
  if (others[0] !== undefined) {
    throw new UsageError(
      `unexpected argument ${JSON.stringify(others[0])}: this command takes one ${noun} (put a name with spaces in quotes)`,
    )
  }
  refuseEmpty(given, noun)
  return first
}

/** Returns the arguments. Fails with a `UsageError` when there is none. */
export const several = (given: readonly string[], meaning: Meaning): readonly string[] => {
  if (given.length === 0) throw new UsageError(`name at least one ${meaning.noun} by ${meaning.by}`)
  return any(given, meaning)
}

/** Returns the arguments, of which there may be none. Fails with a `UsageError` when one is empty. */
export const any = (given: readonly string[], { noun }: Meaning): readonly string[] => {
  refuseEmpty(given, noun)
  return given
}

/** An empty word is a variable that a script forgot to set, and must not find what happens to have no name. */
const refuseEmpty = (given: readonly string[], noun: string): void => {
  if (given.some((word) => word.trim() === "")) throw new UsageError(`the name of a ${noun} is empty`)
}
