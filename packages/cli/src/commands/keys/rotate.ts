/** overdue keys rotate */
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import { place, projectFlags } from "../../local/Flags.ts"
import * as Show from "../../local/Show.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"

const flags = { yes: yesFlag, ...projectFlags } as const satisfies Flags

export const command: Command = {
  name: "keys rotate",
  usage: ["keys rotate KEY [--yes]"],
  description: "Makes a key that may do what KEY may, prints it this once, and revokes KEY.",
  flags,
  details: [
    "KEY is its first characters, its id, or all of it. For time to change over, make a key with",
    "`overdue keys create` and revoke the old one later.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length !== 1) throw new UsageError("name one key, as `overdue keys list` shows it")
    const { find, rotate } = await import("../../local/Keys.ts")
    const where = place(given, io)
    const [old] = await find(where, positionals)
    if (!(await confirm(io, given.yes, `Revoke ${old!.hint}…, and make another key in its place?`))) {
      io.stderr.write("nothing was changed\n")
      return 1
    }
    const made = await rotate(where, old!)
    if (given.json) Show.json(io, Show.isoInstants(made))
    else io.stdout.write(`${made.key}\n`)
    return 0
  },
}
