/** The schedule by which nothing is expected: a check that only its signals change. */
import * as Result from "effect/Result"
import type { Remark } from "./Remark.ts"
import type { ScheduleError } from "./ScheduleError.ts"
import type { Warning } from "./Warning.ts"

/** No slot at all. */
export interface Never {
  readonly kind: "never"
}

/** The schedule by which nothing is expected. */
export const never: Never = { kind: "never" }

/** Whether a text is the word "never", in any case. */
export const isWritten = (text: string): boolean => /^\s*never\s*$/i.test(text)

/** Returns `undefined`, because there is no slot. */
export const next = (): undefined => undefined

/** Returns 0. */
export const perDay = (): number => 0

/** Returns the text of the schedule: "never". */
export const print = (): string => "never"

/** Returns the schedule in English: "never". */
export const explain = (): string => "never"

/** Returns no warnings: clock changes do not concern it. */
export const warnings = (): readonly Warning[] => []

/** Returns no remarks: it says itself that nothing is expected. */
export const remarks = (): readonly Remark[] => []

/** A schedule as plain data. */
export type Encoded = Never

/** Returns the schedule as plain data, for a row or a message. */
export const encode = (): Encoded => ({ kind: "never" })

/** Returns the schedule of plain data. Does not fail. */
export const decode = (): Result.Result<Never, ScheduleError> => Result.succeed(never)
