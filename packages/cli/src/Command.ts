/** What a subcommand of `overdue` is, and the world that it may touch. */
import type { Flags } from "./Flags.ts"

export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** The variables that a command may look at. */
export type Environment = Readonly<Record<string, string | undefined>>

export interface Io {
  readonly environment: Environment
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }
  readonly stdout: Output
  readonly stderr: Output
}

export interface Command {
  readonly name: string
  /** One line each, without the leading `overdue`. */
  readonly usage: readonly string[]
  readonly description: string
  readonly flags: Flags
  /** Whatever a newcomer needs beyond the flags: examples, exit codes. */
  readonly details?: string
  /** Resolves to the exit code of the process. */
  readonly run: (args: readonly string[], io: Io) => Promise<number>
}

/** Commands under a common word: `overdue checks list`. */
export interface Group {
  readonly name: string
  readonly description: string
  readonly commands: Registry
}

export interface Entry {
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command | Group }>
}

/** In the order in which help lists them. */
export type Registry = Readonly<Record<string, Entry>>

/** The words were wrong: printed as one sentence on stderr, exit code 2. */
export class UsageError extends Error {
  readonly _tag = "UsageError"
}

/** The words were right and it still did not work: one sentence on stderr, exit code 1. */
export class Failure extends Error {
  readonly _tag = "Failure"
}
