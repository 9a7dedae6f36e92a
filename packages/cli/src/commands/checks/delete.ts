/** `overdue checks delete`: deletes checks with their pings and flips, once somebody has confirmed it. */
import * as Choice from "../../Choice.ts"
import type { Command } from "../../Command.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import { counted } from "@overdue/core/Counted"
import * as Json from "../../Json.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Select from "../../Select.ts"

const flags = {
  ...Choice.flags,
  yes: yesFlag,
  json: Server.jsonFlag,
  ...Server.flags,
} as const satisfies Flags

/** How many names a question lists. */
const most = 10

export const command: Command = {
  name: "checks delete",
  usage: ["checks delete CHECK … [--yes]", "checks delete --tag TAG [--yes]"],
  description: "Deletes checks with their whole history. CHECK is an id, a slug, or a name.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const which = Choice.which(given.tag, positionals)
    return await Server.use(io, given, async (api) => {
      const chosen = await Choice.find(api, which)
      chosen.forEach(Select.changeable)
      const titles = chosen.map(Select.title)
      const others = titles.length - most
      const listed = titles.slice(0, most).join(", ") + (others > 0 ? ` and ${others} more` : "")
      const what = titles.length === 1 ? listed : `${counted(titles.length, "check")} (${listed})`
      if (!(await confirm(io, given.yes, `Delete ${what}, with all pings and flips?`))) return 1
      const deleted = await Choice.each(chosen, (id) => api.checks.delete(id))
      if (given.json) Json.print(io, deleted)
      else io.stdout.write(`deleted ${titles.join(", ")}\n`)
      return 0
    })
  },
}
