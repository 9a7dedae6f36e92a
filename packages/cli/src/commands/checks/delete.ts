/** `overdue checks delete`: deletes checks with their pings and flips, once somebody has confirmed it. */
import type { Check } from "@overdue/client/management"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Select from "../../Select.ts"

const flags = {
  yes: yesFlag,
  json: Server.jsonFlag,
  ...Server.flags,
} as const satisfies Flags

export const command: Command = {
  name: "checks delete",
  usage: ["checks delete CHECK … [--yes]"],
  description: "Deletes checks with their whole history. CHECK is an id, a slug, or a name.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const named = Arguments.several(positionals, Arguments.check)
    return await Server.use(given, async (api) => {
      const chosen: Check[] = []
      for (const words of named) chosen.push(await Select.one(api, words))
      const titles = chosen.map(Select.title).join(", ")
      if (!(await confirm(io, given.yes, `Delete ${titles}, with all pings and flips?`))) {
        io.stdout.write("nothing was changed\n")
        return 1
      }
      const deleted: Check[] = []
      for (const { uuid = "" } of chosen) deleted.push(await api.checks.delete(uuid))
      io.stdout.write(given.json ? `${JSON.stringify(deleted, undefined, 2)}\n` : `deleted ${titles}\n`)
      return 0
    })
  },
}
