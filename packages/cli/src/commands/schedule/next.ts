/** `overdue schedule next`: the next times that a schedule is due, on the clock of its zone. */
import * as LocalTime from "@overdue/core/LocalTime"
import * as Schedule from "@overdue/core/Schedule"
import type { Instant } from "@overdue/core/Time"
import type { Zone } from "@overdue/core/Zone"
import * as Result from "effect/Result"
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
    help: "list the times after this one: 2026-03-29T00:00:00Z, or 2026-03-29 00:00 in the zone of --tz; by default after now",
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
    const zone = Expression.zone(given.tz)
    const after = given.after === undefined ? Date.now() : read(given.after, zone)
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

const read = (text: string, zone: Zone): Instant => {
  const at = LocalTime.read(text, zone)
  if (Result.isSuccess(at)) return at.success
  throw new UsageError(
    `--after is an instant such as 2026-03-29T00:00:00Z, or a local time such as 2026-03-29T00:00, ` +
      `not ${JSON.stringify(text)}: expected ${at.failure.expected}`,
  )
}
