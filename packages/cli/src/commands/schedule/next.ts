/** `overdue schedule next`: the next times that a schedule is due, on the clock of its zone. */
import * as Schedule from "@overdue/core/Schedule"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { parse, whole } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Expression from "./Expression.ts"

const flags = {
  count: { kind: "text", short: "n", value: "COUNT", default: "5", help: "how many times to list" },
  after: {
    kind: "text",
    value: "INSTANT",
    help: "list the times after this one, such as 2026-03-29T00:00:00Z; by default after now",
  },
  json: { kind: "switch", help: "print a JSON list of instants in UTC" },
  ...Expression.zoneFlag,
} as const satisfies Flags

export const command: Command = {
  name: "schedule next",
  usage: ["schedule next EXPR [--tz ZONE] [--count COUNT]"],
  description: "Lists the next times that a cron or OnCalendar expression is due, on the clock of its zone.",
  flags,

  async run(args, io) {
    const { flags: given, positionals, rest } = parse(flags, args, io.environment)
    const count = whole("--count", given.count, { least: 1, most: 1000 }) ?? 5
    const after = given.after === undefined ? Date.now() : Date.parse(given.after)
    if (Number.isNaN(after))
      throw new UsageError(
        `--after is an instant such as 2026-03-29T00:00:00Z, not ${JSON.stringify(given.after)}`,
      )
    const zone = Expression.zone(given.tz)
    const schedule = Expression.read(Expression.text(positionals, rest), zone)
    const instants = Schedule.upcoming(schedule, after, count)
    if (given.json) {
      io.stdout.write(`${JSON.stringify(instants.map((at) => new Date(at).toISOString()))}\n`)
    } else {
      for (const at of instants) io.stdout.write(`${Expression.wall(at, zone)}\n`)
      if (instants.length < count) io.stdout.write("no further times\n")
    }
    return 0
  },
}
