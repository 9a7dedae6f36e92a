/** overdue keys create */
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { place, projectFlags } from "../../local/Flags.ts"
import * as Show from "../../local/Show.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"

const flags = {
  "read-only": { kind: "switch", help: "a key that reads, and changes nothing" },
  ...projectFlags,
} as const satisfies Flags

export const command: Command = {
  name: "keys create",
  usage: ["keys create [--read-only] [--project NAME]"],
  description: "Makes an API key and prints it this once.",
  flags,
  details: "The key is all that it prints, for scripts: KEY=$(overdue keys create).",

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length > 0)
      throw new UsageError(`it takes no words, only flags; there is ${positionals[0]}`)
    const { create } = await import("../../local/Keys.ts")
    const made = await create(place(given, io), given["read-only"] ? "read-only" : "read-write")
    if (given.json) Show.json(io, Show.isoInstants(made))
    else io.stdout.write(`${made.key}\n`)
    return 0
  },
}
