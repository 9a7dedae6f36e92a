/** How the text of a schedule is read at each door, and what is remarked on about it: the one place that knows. */
import type * as Result from "effect/Result"
import * as Schedule from "../Schedule.ts"
import type { ScheduleError } from "../schedule/ScheduleError.ts"
import type { Instant } from "../Time.ts"
import type * as Zone from "../Zone.ts"
import type { Remark } from "./Remark.ts"

/** What nicknames mean, in lower case. */
const nicknames: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
}

/**
 * Reads a schedule as people type it at our own doors: everything that `exact` reads, and nicknames such as `@daily`,
 * whose schedule has the cron line that they mean as its expression. Fails for one that is never due.
 */
export const own = (text: string, zone: Zone.Zone): Result.Result<Schedule.Schedule, ScheduleError> =>
  exact(plain(text), zone)

/** Reads a schedule as the management API takes it: no nicknames, because Healthchecks refuses them. */
export const exact = (text: string, zone: Zone.Zone): Result.Result<Schedule.Schedule, ScheduleError> =>
  Schedule.validate(text, zone)

/** Returns the cron line that a nickname means; every other text as it is. */
export const plain = (text: string): string => {
  const word = text.trim().toLowerCase()
  return Object.hasOwn(nicknames, word) ? nicknames[word]! : text
}

/** Returns the text of a schedule as it was written; `undefined` for a period, which has none. */
export const expressionOf = (self: Schedule.Schedule): string | undefined =>
  self.kind === "every" ? undefined : self.expression

/** Returns what is strange about a schedule that is valid. `ended`: no slot comes after `after`. */
export const remarks = (self: Schedule.Schedule, after: Instant): readonly Remark[] =>
  Schedule.next(self, after) === undefined
    ? [{ code: "ended", text: "It will never be due again: every time that it names is past." }]
    : []
