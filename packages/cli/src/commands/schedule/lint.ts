/** `overdue schedule lint`: whether expressions are valid, for people and for scripts. */
import * as Schedule from "@overdue/core/Schedule"
import * as Result from "effect/Result"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { oneLine } from "../../Style.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Expression from "./Expression.ts"

const flags = {
  strict: { kind: "switch", help: "exit with 1 for warnings, too" },
  ...Expression.zoneFlag,
} as const satisfies Flags

export const command: Command = {
  name: "schedule lint",
  usage: ["schedule lint EXPR … [--tz ZONE] [--strict]"],
  description:
    "Checks expressions, each in quotes, and warns what clock changes will do to them and what they may not mean.",
  flags,
  exits: {
    0: "all are valid",
    1: "one is not, or with --strict one has warnings",
  },

  async run(args, io) {
    const { flags: given, positionals, rest = [] } = parse(flags, args, io.environment)
    const expressions = [...positionals, ...rest]
    if (expressions.length === 0)
      throw new UsageError("give at least one schedule, each in quotes: '0 3 * * 1-5'")
    const zone = Expression.zone(given.tz)
    let isValid = true
    for (const expression of expressions) {
      const schedule = Schedule.read(expression, zone)
      if (Result.isFailure(schedule)) {
        io.stdout.write(`${Expression.complain(expression, schedule.failure)}\n`)
        isValid = false
        continue
      }
      const now = Date.now()
      const warnings = [
        ...Schedule.warnings(schedule.success, now).map(({ message }) => message),
        ...Schedule.remarks(schedule.success, now).map(({ text }) => text),
      ]
      io.stdout.write(`${oneLine(expression)}: ${warnings.length === 0 ? "valid" : "valid, with warnings"}\n`)
      for (const warning of warnings) io.stdout.write(`  ${warning}\n`)
      if (given.strict && warnings.length > 0) isValid = false
    }
    return isValid ? 0 : 1
  },
}
