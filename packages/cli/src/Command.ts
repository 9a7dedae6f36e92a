/** What a subcommand of `overdue` is, and the registry that it stands in. */
import type { Flags } from "./Flags.ts"
import type { Io } from "./Io.ts"

/** A subcommand: what its help page says, and what it does. */
export interface Command {
  /** All of its words: `checks list`. */
  readonly name: string
  /** Lines of the help, without the leading `overdue`. */
  readonly usage: readonly string[]
  /** One or two sentences. */
  readonly description: string
  readonly flags: Flags
  /** What a newcomer needs beyond the flags, such as examples. */
  readonly details?: string
  /** What the exit codes of the process say, but that of `wrongLine`, which all commands have; by default `usualExits`. */
  readonly exits?: Readonly<Record<string, string>>
  /** Returns what the help lists after the flags and before the details: what it takes time to load. */
  readonly reference?: () => Promise<Reference>
  /**
   * Runs the command with the words that follow its name; resolves to the exit code of the process. `registry` holds
   * all commands, for the one that prints them.
   */
  readonly run: (args: readonly string[], io: Io, registry: Registry) => Promise<number>
}

/** What a command says with its exit codes that only works or does not. */
export const usualExits: Readonly<Record<number, string>> = {
  0: "it is done",
  1: "it is not, or not all of it: the message on standard error says why",
}

/** What every command says with its exit code 2. */
export const wrongLine: Readonly<Record<2, string>> = {
  2: "this command line is wrong: the message on standard error says why",
}

/** Parts of a help page, each a title over rows of a word and its meaning. */
export type Reference = readonly {
  readonly title: string
  readonly rows: readonly (readonly [word: string, meaning: string])[]
}[]

/** Commands under a common word, such as `overdue checks list` and `overdue checks show`. */
export interface Group {
  readonly name: string
  readonly description: string
  readonly commands: Registry
}

/** A line of the overview, and the module behind it, which is loaded only when it is asked for. */
export interface Entry {
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command | Group }>
}

/** Commands and groups by their word, in the order in which help lists them. */
export type Registry = Readonly<Record<string, Entry>>
