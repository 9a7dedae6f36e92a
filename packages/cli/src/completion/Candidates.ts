/** What a shell completes with besides commands and flags: values that are known, and names that a server knows. */
import { connect, type Check } from "@overdue/client/management"
import type { Command } from "../Command.ts"
import { takesValue, type Flag } from "../Flags.ts"
import type { Environment } from "../Io.ts"
import { fetch } from "../Fetch.ts"
import * as Span from "../Span.ts"
import { defaultUrl } from "../Target.ts"

/** Names that are looked up while somebody waits for the shell. */
export type Source = "checks" | "tags" | "zones"

/** All sources. */
export const sources: readonly Source[] = ["checks", "tags", "zones"]

/** Words, or where they come from. */
export type Candidates = readonly string[] | Source

/** How long a shell waits for a server, in milliseconds, unless somebody says. People take more for a hanging terminal. */
const usualPatience = 300

const patienceOf = ({ OVERDUE_COMPLETION_WAIT: wait = "" }: Environment): number =>
  /^\d+(ms|s)$/.test(wait) ? Span.parse("OVERDUE_COMPLETION_WAIT", wait)! * 1000 : usualPatience

const byValue: Readonly<Record<string, Source>> = {
  SLUG: "checks",
  CHECK: "checks",
  TAG: "tags",
  ZONE: "zones",
}

/** Returns what the value of a flag may be; none when nothing is known; `undefined` when it takes no value. */
export const ofFlag = (flag: Flag): Candidates | undefined => {
  if (!takesValue(flag)) return undefined
  if (flag.kind === "text" && flag.choices !== undefined)
    return flag.choices.filter((choice) => choice !== "")
  return byValue[flag.value] ?? []
}

/** Returns what the arguments of a command may be, as its usage says: a check, or one of several words. */
export const ofArguments = async ({ name, usage }: Command): Promise<Candidates> => {
  const lines = usage.map((line) => line.slice(name.length).replaceAll(/--\w+ [A-Z]+/g, ""))
  if (lines.some((line) => /\bCHECK\b/.test(line))) return "checks"
  const words = /[a-z]+(?: \| [a-z]+)+/.exec(lines[0] ?? "")?.[0]
  if (words !== undefined) return words.split(" | ")
  if (name === "channels add") {
    const { kinds } = await import("@overdue/notifiers")
    return kinds.map(({ description }) => description.kind)
  }
  return name === "ping" ? ["success", "start", "fail", "log", "cancel"] : []
}

/** Returns the words of a source; none when the server is not there, is too slow, or refuses. */
export const lookUp = async (source: Source, environment: Environment): Promise<readonly string[]> => {
  if (source === "zones") return Intl.supportedValuesOf("timeZone")
  const { OVERDUE_URL: baseUrl = defaultUrl, OVERDUE_API_KEY: apiKey } = environment
  if (!apiKey) return []
  const patience = patienceOf(environment)
  try {
    const api = connect({ baseUrl, apiKey, attempts: 1, timeout: patience, total: patience, fetch })
    return wordsOf(source, await api.checks.list())
  } catch {
    // What is typed goes on, and the command will say what is wrong.
    return []
  }
}

/** Only words that no shell could take for anything else: whoever names a check must not run a command here. */
const wordsOf = (source: "checks" | "tags", checks: readonly Check[]): readonly string[] => {
  const words = checks.flatMap(({ slug, uuid, tags }) =>
    source === "tags" ? tags.split(/\s+/) : [slug === "" ? (uuid ?? "") : slug],
  )
  return [...new Set(words)].filter((word) => /^[\w.:@%+,/-]+$/.test(word)).toSorted()
}
