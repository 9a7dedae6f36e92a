/** Who is compared: each gives the next slot after an instant, in milliseconds. Ours comes first. */
import * as Schedule from "@overdue/core/Schedule"
import * as Zone from "@overdue/core/Zone"
import { CronExpressionParser } from "cron-parser"
import { Cron as Croner } from "croner"
import * as EffectCron from "effect/Cron"
import * as Result from "effect/Result"

export type Step = (after: number) => number

export interface Contender {
  readonly name: string
  /** On a schedule that is parsed once. */
  readonly next: (expression: string, zone: string) => Step
  readonly parseAndNext: (expression: string, zone: string) => Step
}

/** Instants of four years, far apart, the same on each run; no two neighbours share a day. */
export const instants: ReadonlyArray<number> = Array.from(
  { length: 1024 },
  (_, index) =>
    Date.UTC(2024, 0, 1) + Math.floor((((index * 0x9e37_79b1) >>> 0) / 2 ** 32) * 4 * 365 * 86_400_000),
)

const zoneOf = (name: string): Zone.Zone => Result.getOrThrow(Zone.make(name))

export const contenders: ReadonlyArray<Contender> = [
  {
    name: "overdue",
    next: (expression, zone) => {
      const schedule = Result.getOrThrow(Schedule.parse(expression, zoneOf(zone)))
      return (after) => Schedule.next(schedule, after) ?? NaN
    },
    parseAndNext: (expression, name) => {
      const zone = zoneOf(name)
      return (after) => {
        const schedule = Schedule.parse(expression, zone)
        return Result.isSuccess(schedule) ? (Schedule.next(schedule.success, after) ?? NaN) : NaN
      }
    },
  },
  {
    name: "cron-parser",
    next: (expression, tz) => {
      const schedule = CronExpressionParser.parse(expression, { tz })
      return (after) => {
        schedule.reset(new Date(after))
        return schedule.next().getTime()
      }
    },
    parseAndNext: (expression, tz) => (after) =>
      CronExpressionParser.parse(expression, { tz, currentDate: new Date(after) })
        .next()
        .getTime(),
  },
  {
    name: "croner",
    next: (expression, timezone) => {
      const schedule = new Croner(expression, { timezone, paused: true })
      return (after) => schedule.nextRun(new Date(after))?.getTime() ?? NaN
    },
    parseAndNext: (expression, timezone) => (after) =>
      new Croner(expression, { timezone, paused: true }).nextRun(new Date(after))?.getTime() ?? NaN,
  },
  {
    name: "effect",
    next: (expression, zone) => {
      const schedule = Result.getOrThrow(EffectCron.parse(expression, zone))
      return (after) => EffectCron.next(schedule, new Date(after)).getTime()
    },
    parseAndNext: (expression, zone) => (after) =>
      EffectCron.next(Result.getOrThrow(EffectCron.parse(expression, zone)), new Date(after)).getTime(),
  },
]
