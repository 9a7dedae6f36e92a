/** overdue channels add */
import { readFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import type { Command } from "../../Command.ts"
import type { Io } from "../../Io.ts"
import { Failure, UsageError } from "../../Failure.ts"
import { place, projectFlags } from "../../local/Flags.ts"
import * as Show from "../../local/Show.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import { plain } from "../../Style.ts"

const flags = {
  value: {
    kind: "text",
    value: "JSON|@FILE",
    help: "what the kind takes, as JSON; @FILE reads it from a file, @- from standard input",
  },
  ...projectFlags,
} as const satisfies Flags

export const command: Command = {
  name: "channels add",
  usage: ["channels add KIND NAME --value JSON|@FILE"],
  description: "Adds a channel. A wrong value is refused with the field that is wrong.",
  flags,
  details: [
    "Example",
    '  overdue channels add webhook ops --value \'{"url_down":"https://ops.example.org/down","method_down":"POST"}\'',
    "",
    "A value on the command line is there for others on this machine to see: secrets are better off in a file.",
    "Checks tell a new channel once they list it: `overdue checks update CHECK --channels '*'`.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const [kind, name, ...surplus] = positionals
    if (kind === undefined || name === undefined)
      throw new UsageError("say a kind and a name: channels add webhook ops --value …")
    if (surplus.length > 0) throw new UsageError(`a kind and a name are enough; there is also ${surplus[0]}`)
    if (given.value === undefined)
      throw new UsageError("say what the kind takes: --value JSON or --value @FILE")
    const value = await read(given.value, io)
    const { add } = await import("../../local/Channels.ts")
    const { value: _, project: __, ...channel } = await add(place(given, io), { kind, name, value })
    if (given.json) Show.json(io, Show.isoInstants(channel))
    else io.stdout.write(`added ${plain(name)}\n  id  ${channel.id}\n`)
    return 0
  },
}

/** What is wrong with a value is said without repeating it. */
const read = async (given: string, io: Io): Promise<unknown> => {
  const isNamed = given.startsWith("@")
  const json = isNamed ? await content(given.slice(1), io) : given
  try {
    return JSON.parse(json)
  } catch {
    throw new UsageError(`--value is not JSON${isNamed ? "" : ", nor @ and the name of a file"}`)
  }
}

const content = async (file: string, { stdin }: Io): Promise<string> => {
  try {
    return file === "-" ? await text(stdin) : await readFile(file, "utf8")
  } catch (error) {
    throw new Failure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}
