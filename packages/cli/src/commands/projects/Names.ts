/** What projects and keys may be called and set to, in the words of an error message. */
import * as Limits from "@overdue/core/Limits"
import { projectName, urlKey } from "@overdue/core/Project"
import { UsageError } from "../../Failure.ts"

/** Bounds of limits, both inclusive. */
export const bounds = { least: 1, most: Limits.mostPerProject }

/** Fails with a `UsageError` unless a project may have the name. */
export const expectName = (name: string): void => {
  if (name.trim() === "") throw new UsageError("the name of a project cannot be empty")
  expectText("the name of a project", name)
  if (!projectName.pattern.test(name)) throw new UsageError(`the name of a project is ${projectName.words}`)
}

/** Fails with a `UsageError` unless a text may be a name or a label; `what` says of what. */
export const expectText = (what: string, text: string): void => {
  if (Array.from(text).length > Limits.nameLength)
    throw new UsageError(`${what} has at most ${Limits.nameLength} characters`)
}

/** Returns a ping key or a badge key as it is. Fails with a `UsageError` when no URL could have it. */
export const keyOf = (flag: string, key: string | undefined): string | undefined => {
  if (key === undefined || urlKey.pattern.test(key)) return key
  throw new UsageError(`${flag} is ${urlKey.words}`)
}

/** Returns the first characters of a ping key, by which people know it: whoever has all of it can ping. */
export const hintOf = (pingKey: string | undefined): string | undefined =>
  pingKey && `${pingKey.slice(0, 4)}…`
