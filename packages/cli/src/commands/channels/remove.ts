/** overdue channels remove */
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import { place, projectFlags } from "../../local/Flags.ts"
import * as Show from "../../local/Show.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import { plain } from "../../Style.ts"

const flags = { yes: yesFlag, ...projectFlags } as const satisfies Flags

export const command: Command = {
  name: "channels remove",
  usage: ["channels remove CHANNEL … [--yes]"],
  description: "Removes channels, from the checks that tell them too. CHANNEL is a name or an id.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length === 0) throw new UsageError("name a channel, by name or id")
    const { find, remove } = await import("../../local/Channels.ts")
    const where = place(given, io)
    const channels = await find(where, positionals)
    const names = channels.map(({ name, id }) => plain(name) || id).join(", ")
    if (!(await confirm(io, given.yes, `Remove ${names}? What is still to be told there is not.`))) {
      io.stderr.write("nothing was changed\n")
      return 1
    }
    await remove(where, channels)
    if (given.json)
      Show.json(
        io,
        channels.map(({ id, name, kind }) => ({ id, name, kind })),
      )
    else io.stdout.write(`removed ${names}\n`)
    return 0
  },
}
