/**
 * The key of a program that runs for long, from the environment or a file, and from no flag: everybody on the machine can
 * read command lines.
 */
import { readFileSync } from "node:fs"
import * as Caught from "./Caught.ts"
import { Failure, UsageError } from "./Failure.ts"
import type { Io } from "./Io.ts"
import { key } from "./Target.ts"

/** Where the key is, and whose. */
export interface Where {
  /** The file; `undefined`: it is in the environment. */
  readonly file: string | undefined
  /** Variables, of which the first that is set counts. */
  readonly names: readonly string[]
  /** Who needs it, as the subject of a sentence. */
  readonly who: string
}

/** Returns the key. Fails with a `UsageError` or a `Failure` that does not repeat it. */
export const read = (io: Io, { file, names, who }: Where): string => {
  if (file === undefined) {
    const name = names.find((each) => io.environment[each])
    if (name !== undefined) return key(io.environment[name]!, name)
    throw new UsageError(`${who} needs an API key: set ${names.join(" or ")}, or give --api-key-file FILE`)
  }
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (error) {
    throw new Failure(`the key in ${file} cannot be read (${Caught.brief(error)})`)
  }
  return key(text.trim(), "the key in --api-key-file")
}
