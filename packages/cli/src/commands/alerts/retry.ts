/** `overdue alerts retry`: sends alerts again that were given up. */
import * as ActOnAlerts from "../../alerting/ActOnAlerts.ts"
import type { Command } from "../../Command.ts"

export const command: Command = {
  name: "alerts retry",
  usage: ["alerts retry ID …", "alerts retry [--check CHECK] [--channel CHANNEL] [--status STATUS] [--yes]"],
  description: "Sends alerts again that were given up.",
  flags: ActOnAlerts.flags,
  details: "Of those that flags choose, it sends again what is dead, unless --status says otherwise.",

  run: (args, io) =>
    ActOnAlerts.run(args, io, {
      verb: "send again",
      done: "sent again",
      usual: ["dead"],
      one: (alerting, id) => alerting.retry(id),
    }),
}
