/** Which checks a silence is about, as flags and arguments name them, and what was silenced, for people. */
import type { Check, Management, Silenced } from "@overdue/client/management"
import * as Arguments from "./Arguments.ts"
import * as Choice from "./Choice.ts"
import { Failure, UsageError } from "./Failure.ts"
import type { Flags } from "./Flags.ts"
import * as Server from "./Server.ts"
import { plain } from "./Style.ts"

/** Name the checks, unless arguments do. */
export const flags = {
  tag: { kind: "text", value: "TAG", help: "all checks that have this tag" },
  all: { kind: "switch", help: "all checks of the project, and those that are created meanwhile" },
  json: Server.jsonFlag,
  ...Server.flags,
} as const satisfies Flags

/** Which checks: those that arguments name, those with a tag, or all. */
export type Which =
  | { readonly is: "named"; readonly words: readonly string[] }
  | { readonly is: "tag"; readonly tag: string }
  | { readonly is: "all" }

/** Returns which checks are meant. Fails with a `UsageError` unless they are named in exactly one way. */
export const which = (
  { tag, all }: { readonly tag: string | undefined; readonly all: boolean },
  words: readonly string[],
): Which => {
  const ways = [words.length > 0, tag !== undefined, all].filter((isUsed) => isUsed).length
  if (ways > 1) throw new UsageError("name checks, or give --tag TAG, or --all: one of the three")
  if (tag !== undefined)
    return { is: "tag", tag: Choice.tagOf(tag, "name a tag, or give --all for all checks") }
  if (all) return { is: "all" }
  return { is: "named", words: Arguments.several(words, Arguments.check) }
}

/** What of this a server of Healthchecks cannot do. */
export const lacks =
  "which cannot keep alerts back: pause the check with `overdue checks pause` until its next ping, or take its channels away with `overdue checks update CHECK --channels ''`"

/** What is done to checks, one by one or together. */
export interface Act {
  readonly one: (api: Management, id: string) => Promise<Check>
  readonly many: (api: Management, filter: { readonly tag?: string }) => Promise<Silenced>
}

/**
 * Does it. Looks up all checks before it touches the first, so that a misspelt one changes nothing. Fails with a
 * `Failure` when no check has the tag.
 */
export const perform = async (
  api: Management,
  which: Which,
  act: Act,
): Promise<readonly Check[] | Silenced> => {
  if (which.is === "all") return await act.many(api, {})
  if (which.is === "tag") {
    const done = await act.many(api, { tag: which.tag })
    if (done.checks === 0) throw new Failure(`no check has the tag ${plain(which.tag)}`)
    return done
  }
  return await Choice.each(Choice.named(await api.checks.list(), which.words), (id) => act.one(api, id))
}
