/** `overdue alerts show`: all that is known of alerts. */
import * as Alerting from "../../alerting/Alerting.ts"
import * as Alerts from "../../alerting/Alerts.ts"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { parse } from "../../Flags.ts"
import * as Show from "../../local/Show.ts"
import { plain } from "../../Style.ts"

export const command: Command = {
  name: "alerts show",
  usage: ["alerts show ID …"],
  description: "Shows all that is known of alerts. ID is as `overdue alerts list` shows it, or whole.",
  flags: Alerting.flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(Alerting.flags, args, io.environment)
    const words = Arguments.several(positionals, Arguments.alert)
    const alerting = await Alerting.open(given, io)
    const found = await Alerts.named(alerting, words)
    if (given.json) Show.json(io, found)
    else {
      for (const alert of found) {
        io.stdout.write(`${plain(alert.news)}\n`)
        for (const [name, value] of Object.entries(alert)) {
          io.stdout.write(`  ${name.padEnd(12)}  ${value === null ? "–" : plain(String(value))}\n`)
        }
      }
    }
    return 0
  },
}
