/** overdue checks delete */
import type { Check } from "@overdue/client/management"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import * as Connection from "../../Connection.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Select from "../../Select.ts"

const flags = {
  yes: yesFlag,
  json: Connection.jsonFlag,
  ...Connection.connectionFlags,
} as const satisfies Flags

export const command: Command = {
  name: "checks delete",
  usage: ["checks delete CHECK … [--yes]"],
  description: "Deletes checks with all their history. CHECK is an id, a slug, or a name.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length === 0) throw new UsageError("name a check, by id, slug or name")
    return await Connection.use(given, async (api) => {
      const chosen: Check[] = []
      for (const words of positionals) chosen.push(await Select.one(api, words))
      const titles = chosen.map(Select.title).join(", ")
      if (!(await confirm(io, given.yes, `Delete ${titles}, with all pings and flips?`))) {
        io.stdout.write("nothing was deleted\n")
        return 1
      }
      const deleted: Check[] = []
      for (const { uuid = "" } of chosen) deleted.push(await api.checks.delete(uuid))
      io.stdout.write(given.json ? `${JSON.stringify(deleted, undefined, 2)}\n` : `deleted ${titles}\n`)
      return 0
    })
  },
}
