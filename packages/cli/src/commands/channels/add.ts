/** `overdue channels add`: a channel, whose value comes from the command line, a file or standard input. */
import { readFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import type { Switches } from "@overdue/core/Channel"
import type { Description } from "@overdue/core/Notifier"
import * as ChannelDocument from "@overdue/core/document/ChannelDocument"
import * as QuietField from "@overdue/core/document/QuietField"
import * as Sentence from "@overdue/server/dialects/Sentence"
import * as Result from "effect/Result"
import * as Caught from "../../Caught.ts"
import type { Command } from "../../Command.ts"
import { Failure, UsageError } from "../../Failure.ts"
import { parse } from "../../Flags.ts"
import type { Flags, Values } from "../../Flags.ts"
import type { Io } from "../../Io.ts"
import * as Place from "../../local/Place.ts"
import * as Show from "../../local/Show.ts"
import * as Written from "../../Written.ts"
import { plain } from "../../Style.ts"

const flags = {
  value: {
    kind: "text",
    value: "JSON|@FILE",
    help: "the settings of the channel as JSON; @FILE reads them from a file, @- from standard input",
  },
  down: { kind: "switch", isOn: true, help: "do not tell it that a check went down" },
  up: { kind: "switch", isOn: true, help: "do not tell it that a check came up again" },
  reminders: { kind: "switch", isOn: true, help: "do not tell it again of a check that stays down" },
  quiet: {
    kind: "text",
    value: "JSON",
    help: 'hours in which it is told of no outage, in UTC unless a tz is named: [{"schedule": "0 22 * * *", "tz": "Europe/Riga", "duration": "8h"}]',
  },
  ...Place.projectFlags,
} as const satisfies Flags

export const command: Command = {
  name: "channels add",
  usage: ["channels add KIND NAME --value JSON|@FILE"],
  description: "Adds a channel. A wrong value is refused, and the message names the wrong field.",
  flags,
  async reference() {
    const { kinds } = await import("@overdue/notifiers")
    return kinds.map(({ description: { kind, title, documentation, value } }) => ({
      title: `Settings of the kind ${kind} (${title}, ${documentation})`,
      rows: settingsOf(value),
    }))
  },
  details: [
    "Example",
    '  overdue channels add webhook ops --value \'{"url_down":"https://ops.example.org/down","method_down":"POST"}\'',
    "",
    "Other users of this machine can see a value on the command line: keep secrets in a file.",
    "No check uses a new channel yet: `overdue checks update CHECK --channels '*'` gives a check all of them.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const [kind, name, ...surplus] = positionals
    if (kind === undefined || name === undefined) {
      throw new UsageError("name the kind of the channel and the channel: channels add webhook ops --value …")
    }
    if (surplus.length > 0) {
      throw new UsageError(
        `unexpected argument ${JSON.stringify(surplus[0])}: this command takes a kind and one name`,
      )
    }
    if (given.value === undefined) {
      throw new UsageError("the channel needs its settings: add --value JSON or --value @FILE")
    }
    const value = await read(given.value, io)
    const { add } = await import("../../local/Channels.ts")
    const place = Place.read(given, io)
    const {
      value: _,
      project: __,
      ...channel
    } = await add(place, { kind, name, value, switches: switches(given) })
    if (given.json) Show.json(io, Show.isoInstants(channel))
    else io.stdout.write(`added ${plain(name)}\n  id  ${channel.id}\n`)
    return 0
  },
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

const switches = ({ down, up, reminders, quiet }: Values<typeof flags>): Partial<Switches> => {
  const chosen = { down, up, reminders }
  if (quiet === undefined) return chosen
  const windows = Written.read({ is: "windows" }, Written.parse(quiet))
  const read = typeof windows === "string" ? undefined : ChannelDocument.decode({ quiet: windows.value })
  if (read === undefined || Result.isFailure(read)) {
    const why = read === undefined ? undefined : Sentence.of(read.failure.issue)
    const detail = typeof windows === "string" ? undefined : QuietField.explain(windows.value)
    const sentences = [`--quiet is a list of ${Written.windowShapes}`, why, detail]
    throw new UsageError(sentences.filter((sentence) => sentence !== undefined).join(": "))
  }
  return { ...chosen, ...read.success }
}

/** A value is a secret: an error message does not repeat it. */
const read = async (given: string, io: Io): Promise<unknown> => {
  const isFile = given.startsWith("@")
  const json = isFile ? await content(given.slice(1), io) : given
  try {
    return JSON.parse(json)
  } catch {
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
