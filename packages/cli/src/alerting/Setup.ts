/** What a channel is set up with on a command line: its settings, what it wants to be told, and its quiet hours. */
import { readFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import type { ChannelChange } from "@overdue/client/management"
import * as ChannelDocument from "@overdue/core/document/ChannelDocument"
import * as QuietField from "@overdue/core/document/QuietField"
import type { Description } from "@overdue/core/Notifier"
import * as Sentence from "@overdue/server/dialects/Sentence"
import * as Result from "effect/Result"
import * as Caught from "../Caught.ts"
import type { Reference } from "../Command.ts"
import { Failure, UsageError } from "../Failure.ts"
import type { Flags, Values } from "../Flags.ts"
import type { Io } from "../Io.ts"
import * as JsonFault from "../JsonFault.ts"
import * as Written from "../Written.ts"

/** Flags that say where a channel leads, and when it is told what. */
export const flags = {
  value: {
    kind: "text",
    value: "JSON|@FILE",
    help: "the settings of the channel as JSON; @FILE reads them from a file, @- from standard input",
  },
  down: { kind: "toggle", help: "tell it that a check went down" },
  up: { kind: "toggle", help: "tell it that a check came up again" },
  reminders: { kind: "toggle", help: "tell it again of a check that stays down" },
  quiet: {
    kind: "text",
    value: "JSON",
    help: 'hours in which it is told of no outage, in UTC unless a tz is named: [{"schedule": "0 22 * * *", "tz": "Europe/Riga", "duration": "8h"}]; [] for none',
  },
} as const satisfies Flags

/** Returns the pages of help that list the settings of each kind. */
export const reference = async (): Promise<Reference> => {
  const { kinds } = await import("@overdue/notifiers")
  return kinds.flatMap(({ description: { kind, title, documentation, value, placeholders = [] } }) => [
    { title: `Settings of the kind ${kind} (${title}, ${documentation})`, rows: settingsOf(value) },
    ...(placeholders.length === 0
      ? []
      : [{ title: `Placeholders in the texts of the kind ${kind}`, rows: placeholders }]),
  ])
}

/** Returns the settings of a kind; those that it cannot do without are marked. */
const settingsOf = (value: Description["value"]): readonly (readonly [string, string])[] => {
  // safe because the JSON Schema of a value is that of an object
  const { properties, required = [] } = value as unknown as {
    readonly properties: Readonly<Record<string, { readonly description: string }>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([field, { description }]) => [
    field,
    required.includes(field) ? `${description} Required.` : description,
  ])
}

/** Returns the fields that flags set. Fails with a `UsageError` when they cannot be read. */
export const read = async (given: Values<typeof flags>, io: Io): Promise<ChannelChange> => {
  const { value, down, up, reminders, quiet } = given
  return {
    ...(value !== undefined && { value: await valueOf(value, io) }),
    ...(down !== undefined && { down }),
    ...(up !== undefined && { up }),
    ...(reminders !== undefined && { reminders }),
    ...(quiet !== undefined && { quiet: quietOf(quiet) }),
  }
}

const quietOf = (given: string): NonNullable<ChannelChange["quiet"]> => {
  const refuse = (...why: readonly (string | undefined)[]): never => {
    const sentences = [`--quiet is a list of ${Written.windowShapes}`, ...why]
    throw new UsageError(sentences.filter((sentence) => sentence !== undefined).join(": "))
  }
  const windows = Written.read({ is: "windows" }, Written.parse(given))
  if (typeof windows === "string") return JsonFault.isMeant(given) ? refuse(windows) : refuse()
  const { value: quiet } = windows
  const read = ChannelDocument.decode({ quiet })
  if (Result.isFailure(read))
    return refuse(Sentence.whole(read.failure.issue, { quiet }), QuietField.explain(quiet))
  return quiet as NonNullable<ChannelChange["quiet"]> // safe because it was decoded
}

/** A value is a secret: an error message does not repeat it. */
const valueOf = async (given: string, io: Io): Promise<unknown> => {
  const isFile = given.startsWith("@")
  const json = isFile ? await content(given.slice(1), io) : given
  try {
    return JSON.parse(json)
  } catch {
    if (JsonFault.isMeant(json))
      throw new UsageError(`${isFile ? "the file of --value" : "--value"} ${JsonFault.sentence(json)}`)
    throw new UsageError(
      isFile ? "the file of --value is not JSON" : "--value is not JSON; to read a file, write --value @FILE",
    )
  }
}

const content = async (file: string, { stdin }: Io): Promise<string> => {
  try {
    return file === "-" ? await text(stdin) : await readFile(file, "utf8")
  } catch (error) {
    throw new Failure(`${file} cannot be read (${Caught.brief(error)}); --value @FILE names a readable file`)
  }
}
