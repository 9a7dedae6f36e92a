/** `overdue schedule explain`: a schedule in English, with what the next clock changes do to it. */
import * as Schedule from "@overdue/core/Schedule"
import type { Command } from "../../Command.ts"
import { parse } from "../../Flags.ts"
import * as Expression from "./Expression.ts"

export const command: Command = {
  name: "schedule explain",
  usage: ["schedule explain EXPR [--tz ZONE]"],
  description:
    "Says in words when a cron or OnCalendar expression is due, and what clock changes will do to it.",
  flags: Expression.zoneFlag,
  details: "Example\n  overdue schedule explain '30 3 * * 7' --tz Europe/Riga",

  async run(args, io) {
    const { flags: given, positionals, rest } = parse(Expression.zoneFlag, args, io.environment)
    const expression = Expression.text(positionals, rest)
    const schedule = Expression.read(expression, Expression.zone(given.tz))
    io.stdout.write(`${Schedule.explain(schedule)}\n`)
    for (const { message } of Schedule.warnings(schedule, Date.now())) io.stdout.write(`${message}\n`)
    return 0
  },
}
