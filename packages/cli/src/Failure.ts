/** The two ways in which a command fails; each is printed as one sentence on stderr. */

/** The command line is wrong, and nothing was done: exit code 2. */
export class UsageError extends Error {
  readonly _tag = "UsageError"
}

/** The command line is right and the command failed all the same: exit code 1. */
export class Failure extends Error {
  readonly _tag = "Failure"
}
