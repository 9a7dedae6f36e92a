/** overdue schedule lint */
import * as Schedule from "@overdue/core/Schedule"
import * as Result from "effect/Result"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Expression from "./Expression.ts"

const flags = {
  strict: { kind: "switch", help: "a warning is a mistake, too" },
  ...Expression.zoneFlag,
} as const satisfies Flags

export const command: Command = {
  name: "schedule lint",
  usage: ["schedule lint EXPR … [--tz ZONE] [--strict]"],
  description: "Checks expressions, each in quotes, and warns of what clock changes will do to them.",
  flags,
  details: "Exit codes\n  0  all are right      1  one is not, or with --strict there is a warning",

  async run(args, io) {
    const { flags: given, positionals, rest = [] } = parse(flags, args, io.environment)
    const expressions = [...positionals, ...rest]
    if (expressions.length === 0) throw new UsageError("give expressions, each in quotes")
    const zone = Expression.zone(given.tz)
    let isRight = true
    for (const expression of expressions) {
      const schedule = Schedule.validate(expression, zone)
      if (Result.isFailure(schedule)) {
        io.stdout.write(`${Expression.complain(expression, schedule.failure)}\n`)
        isRight = false
        continue
      }
      const warnings = Schedule.warnings(schedule.success, Date.now())
      io.stdout.write(`${expression}: ${warnings.length === 0 ? "right" : "right, with warnings"}\n`)
      for (const { message } of warnings) io.stdout.write(`  ${message}\n`)
      if (given.strict && warnings.length > 0) isRight = false
    }
    return isRight ? 0 : 1
  },
}
