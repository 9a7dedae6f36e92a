/** `overdue alerts list`: what became of alerts, newest first. */
import * as Alerting from "../../alerting/Alerting.ts"
import * as Alerts from "../../alerting/Alerts.ts"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import type { Flags } from "../../Flags.ts"
import * as Show from "../../local/Show.ts"

const flags = { ...Alerts.flags, ...Alerting.flags } as const satisfies Flags

export const command: Command = {
  name: "alerts list",
  usage: ["alerts list [--check CHECK] [--channel CHANNEL] [--status STATUS] [--limit N]"],
  description: "Lists what became of each alert and channel, newest first.",
  flags,
  details: [
    "Status",
    "  pending     to be sent, or sent again",
    "  held        not told while a check is down that this one comes after",
    "  delivered   the channel has it",
    "  skipped     the channel did not want it, or it was no news any more",
    "  superseded  could not be sent before a newer alert of the check, which told of it",
    "  dead        given up: `overdue alerts retry` sends it again",
    "  dropped     given up by a person",
  ].join("\n"),

  async run(args, io) {
    const given = Arguments.flagsAlone(flags, args, io.environment)
    const filter = Alerts.filterOf(given)
    const alerting = await Alerting.open(given, io)
    const found = await alerting.deliveries(filter)
    if (given.json) Show.json(io, found)
    else if (found.length === 0) io.stdout.write("no alerts\n")
    else {
      Show.rows(io, found, [
        {
          title: "AT (UTC)",
          text: ({ at }) => at.slice(0, "2026-01-31T12:00".length).replace("T", " "),
          rank: 3,
        },
        { title: "ALERT", text: ({ news }) => news, isElastic: true },
        { title: "CHANNEL", text: ({ channel_name }) => channel_name, isElastic: true, rank: 2 },
        { title: "STATUS", text: ({ status }) => status, colour: Alerts.colourOf },
        { title: "WHY", text: ({ error }) => error ?? "–", isElastic: true, rank: 1 },
        { title: "ID", text: Alerts.shortOf, colour: () => "dim", rank: 4 },
      ])
    }
    return 0
  },
}
