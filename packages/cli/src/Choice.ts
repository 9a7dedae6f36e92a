/** Which checks a change is about, as arguments or a tag name them, and how the change is made to one after the other. */
import { ClientError, type Check, type Management } from "@overdue/client/management"
import { isTag } from "@overdue/core/Check"
import * as Arguments from "./Arguments.ts"
import { counted } from "@overdue/core/Counted"
import { Failure, UsageError } from "./Failure.ts"
import type { Flags } from "./Flags.ts"
import type { Io } from "./Io.ts"
import * as Select from "./Select.ts"
import * as Server from "./Server.ts"
import { plain } from "./Style.ts"

/** Names the checks, unless arguments do. */
export const flags = {
  tag: { kind: "text", short: "t", value: "TAG", help: "all checks that have this tag" },
} as const satisfies Flags

/** `--tag` of commands that only look, which may be given several times. */
export const tagsFlag = {
  kind: "texts",
  short: "t",
  value: "TAG",
  help: "only checks with this tag; given several times, with all of them",
} as const

/** Returns the tags that are given. Fails with a `UsageError` when one is empty. */
export const tags = (given: readonly string[]): readonly string[] =>
  given.map((tag) => tagOf(tag, "name a tag"))

/** Which checks: those that arguments name, or those with a tag. */
export type Which =
  | { readonly is: "named"; readonly words: readonly string[] }
  | { readonly is: "tag"; readonly tag: string }

/** Returns which checks are meant. Fails with a `UsageError` unless they are named in exactly one way. */
export const which = (tag: string | undefined, words: readonly string[]): Which => {
  if (tag === undefined) return { is: "named", words: Arguments.several(words, Arguments.check) }
  if (words.length > 0) throw new UsageError("name checks, or give --tag TAG: one of the two")
  return { is: "tag", tag: tagOf(tag, "name a tag") }
}

/** An empty tag is a variable that a script forgot to set, and must not mean all checks. */
export const tagOf = (text: string, otherwise: string): string => {
  if (isTag(text)) return text
  throw new UsageError(
    text.trim() === ""
      ? `--tag is empty: ${otherwise}`
      : `--tag is one tag, without spaces, not ${JSON.stringify(text)}`,
  )
}

/**
 * Returns the checks that are meant and `suits` lets through, each once. Fails with a `Failure` when one is misspelt, or
 * no check has the tag; `quality` says in a word what those do that suit.
 */
export const find = async (
  api: Management,
  which: Which,
  suits?: { readonly quality: string; readonly test: (check: Check) => boolean },
): Promise<readonly Check[]> => {
  if (which.is === "named") return named(await api.checks.list(), which.words)
  const tagged = await api.checks.list({ tags: [which.tag] })
  if (tagged.length === 0) throw new Failure(`no check has the tag ${plain(which.tag)}`)
  const chosen = suits === undefined ? tagged : tagged.filter(suits.test)
  if (chosen.length > 0) return chosen
  throw new Failure(
    `${counted(tagged.length, "check")} with the tag ${plain(which.tag)}, and none that is ${suits?.quality}`,
  )
}

/** Returns the checks that the words mean, each once. */
export const named = <A extends Check>(checks: readonly A[], words: readonly string[]): readonly A[] => [
  ...new Set(words.map((word) => Select.among(checks, word))),
]

/** Prints how many checks have the tag, before anything is done to them. */
export const announce = (io: Io, which: Which, checks: readonly Check[], what: string): void => {
  if (which.is === "tag")
    io.stderr.write(`${what} ${counted(checks.length, "check")} with the tag ${plain(which.tag)}\n`)
}

/**
 * Does it to one check after the other, and returns what they have become. Fails with a `Failure` that says what was done
 * before it.
 */
export const each = async <A>(
  checks: readonly Check[],
  act: (id: string) => Promise<A>,
): Promise<readonly A[]> => {
  const ids = checks.map(Select.changeable)
  const after: A[] = []
  for (const [index, id] of ids.entries()) {
    try {
      after.push(await act(id))
    } catch (error) {
      if (!(error instanceof ClientError) || ids.length === 1) throw error
      const done = checks.slice(0, index).map(Select.title).join(", ")
      throw new Failure(
        `${Select.title(checks[index]!)}: ${Server.why(error)} (${index} of ${counted(ids.length, "check")} done${done === "" ? "" : `: ${done}`}; the others are as they were)`,
        { cause: error },
      )
    }
  }
  return after
}
