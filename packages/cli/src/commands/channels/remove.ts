/** `overdue channels remove`: deletes channels, together with the alerts that still wait for them. */
import * as Alerting from "../../alerting/Alerting.ts"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as InTurn from "../../InTurn.ts"
import * as Show from "../../local/Show.ts"
import { plain } from "../../Style.ts"

const flags = { yes: yesFlag, ...Alerting.flags } as const satisfies Flags

export const command: Command = {
  name: "channels remove",
  usage: ["channels remove CHANNEL … [--yes]"],
  description: "Removes channels, also from the checks that use them. CHANNEL is a name or an id.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.several(positionals, Arguments.channel)
    const alerting = await Alerting.open(given, io, { says: true })
    const channels = await Alerting.find(alerting, words)
    const names = channels.map(({ name, id }) => plain(name) || id).join(", ")
    const question = `Remove ${names}? Alerts that wait to be delivered there are dropped.`
    if (!(await confirm(io, given.yes, question))) return 1
    await InTurn.each(channels, "removed", ({ id }) => alerting.remove(id))
    if (given.json)
      Show.json(
        io,
        channels.map(({ id, name, kind }) => ({ id, name, kind })),
      )
    else io.stdout.write(`removed ${names}\n`)
    return 0
  },
}
