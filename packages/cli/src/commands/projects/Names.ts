/** What projects may be called and set to, in the words of an error message. */
import { UsageError } from "../../Failure.ts"

/** Bounds of limits, both inclusive. */
export const bounds = { least: 1, most: 1_000_000 }

/** Fails with a `UsageError` unless a project may have the name. */
export const expectName = (name: string): void => {
  if (name.trim() === "") throw new UsageError("the name of a project cannot be empty")
  if (name.length > 100) throw new UsageError("the name of a project has at most 100 characters")
}

/** Returns a ping key as it is. Fails with a `UsageError` when no ping URL could have it. */
export const pingKey = (key: string | undefined): string | undefined => {
  if (key === undefined || /^[A-Za-z0-9_-]{1,64}$/.test(key)) return key
  throw new UsageError("--ping-key has up to 64 characters of a-z, A-Z, 0-9, - and _")
}
