/** `overdue keys create`: an API key, printed this once and alone, for scripts. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Place from "../../local/Place.ts"
import * as Show from "../../local/Show.ts"

const flags = {
  "read-only": { kind: "switch", help: "create a key that can read everything and change nothing" },
  ...Place.projectFlags,
} as const satisfies Flags

export const command: Command = {
  name: "keys create",
  usage: ["keys create [--read-only] [--project NAME]"],
  description: "Creates an API key and prints it: it cannot be read again later.",
  flags,
  details: "Nothing but the key is printed, for scripts: KEY=$(overdue keys create).",

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    Arguments.none(positionals)
    const { create } = await import("../../local/Keys.ts")
    const made = await create(Place.read(given, io), given["read-only"] ? "read-only" : "read-write")
    if (given.json) Show.json(io, Show.isoInstants(made))
    else io.stdout.write(`${made.key}\n`)
    return 0
  },
}
