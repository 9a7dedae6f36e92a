/** The schedule with a fixed period, counted from the last signal: "every 5 minutes". */
import * as Result from "effect/Result"
import { day, hour, minute, second, week, type Instant, type Span } from "../Time.ts"
import type { Remark } from "./Remark.ts"
import { ScheduleError } from "./ScheduleError.ts"
import type { Warning } from "./Warning.ts"

/** A period. */
export interface Every {
  readonly kind: "every"
  /** In milliseconds, at least 1. */
  readonly period: Span
}

/** Returns the schedule with a period in milliseconds. */
export const make = (period: Span): Every => ({ kind: "every", period })

/** Returns the instant one period after `after`. */
export const next = (self: Every, after: Instant): Instant => after + self.period

/** Returns how many periods a day has. */
export const perDay = (self: Every): number => day / self.period

/** Returns the period in the largest unit that divides it: "every 90 minutes". */
export const print = (self: Every): string => {
  const [name, length] = units.find(([, length]) => self.period % length === 0) ?? millisecond
  const count = self.period / length
  return count === 1 ? `every ${name}` : `every ${count} ${name}s`
}

/** Returns the schedule in English. */
export const explain = (self: Every): string => `${print(self)}, counted from the last signal`

/** Returns no warnings: clock changes do not concern a period. */
export const warnings = (): readonly Warning[] => []

/** Returns no remarks: a period is what it says. */
export const remarks = (): readonly Remark[] => []

/** A schedule as plain data. */
export interface Encoded {
  readonly kind: "every"
  readonly period: Span
}

/** Returns the schedule as plain data, for a row or a message. */
export const encode = (self: Every): Encoded => make(self.period)

/** Returns the schedule of plain data. Fails unless the period is a whole number from 1. */
export const decode = (encoded: Encoded): Result.Result<Every, ScheduleError> =>
  Number.isSafeInteger(encoded.period) && encoded.period >= 1
    ? Result.succeed(make(encoded.period))
    : Result.fail(
        new ScheduleError({
          field: "period",
          part: String(encoded.period),
          expected: "a whole number of milliseconds, at least 1",
          offset: 0,
        }),
      )

const millisecond = ["millisecond", 1] as const

const units = [
  ["week", week],
  ["day", day],
  ["hour", hour],
  ["minute", minute],
  ["second", second],
  millisecond,
] as const
