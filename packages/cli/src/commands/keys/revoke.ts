/** overdue keys revoke */
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import { place, projectFlags } from "../../local/Flags.ts"
import * as Show from "../../local/Show.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"

const flags = { yes: yesFlag, ...projectFlags } as const satisfies Flags

export const command: Command = {
  name: "keys revoke",
  usage: ["keys revoke KEY … [--yes]"],
  description: "Lets keys open nothing any more. KEY is its first characters, its id, or all of it.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length === 0) throw new UsageError("name a key, as `overdue keys list` shows it")
    const { find, revoke, shown } = await import("../../local/Keys.ts")
    const where = place(given, io)
    const keys = await find(where, positionals)
    const hints = keys.map(({ hint }) => `${hint}…`).join(", ")
    if (!(await confirm(io, given.yes, `Revoke ${hints}? Whoever uses it is refused from now on.`))) {
      io.stderr.write("nothing was changed\n")
      return 1
    }
    await revoke(where, keys)
    if (given.json) Show.json(io, keys.map(shown).map(Show.isoInstants))
    else io.stdout.write(`revoked ${hints}\n`)
    return 0
  },
}
