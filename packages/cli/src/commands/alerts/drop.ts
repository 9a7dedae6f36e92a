/** `overdue alerts drop`: gives up alerts that wait. */
import * as ActOnAlerts from "../../alerting/ActOnAlerts.ts"
import type { Command } from "../../Command.ts"

export const command: Command = {
  name: "alerts drop",
  usage: ["alerts drop ID …", "alerts drop [--check CHECK] [--channel CHANNEL] [--status STATUS] [--yes]"],
  description: "Gives up alerts: they are not sent, until `overdue alerts retry` takes them up again.",
  flags: ActOnAlerts.flags,
  details: "Of those that flags choose, it gives up what waits or is held, unless --status says otherwise.",

  run: (args, io) =>
    ActOnAlerts.run(args, io, {
      verb: "give up",
      done: "given up",
      usual: ["pending", "held"],
      one: (alerting, id) => alerting.drop(id),
    }),
}
