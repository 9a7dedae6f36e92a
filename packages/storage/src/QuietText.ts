/** Quiet windows as JSON, in policies and channels alike. */
import type { QuietWindow } from "@overdue/core/Check"
import * as Schedule from "@overdue/core/Schedule"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Row from "./Row.ts"

/** Only the kind is checked here; its other fields are for the module of that kind to check. */
export const StoredSchedule = Schema.StructWithRest(Schema.Struct({ kind: Schema.String }), [
  Schema.Record(Schema.String, Schema.Unknown),
])

/** Quiet windows as a column keeps them, in JSON. */
export const Stored = Schema.Array(
  Schema.Union([
    Schema.Struct({ schedule: StoredSchedule, duration: Row.StoredSpan }),
    Schema.Struct({ from: Row.StoredInstant, to: Row.StoredInstant }),
  ]),
)

/** Returns windows as JSON values that `read` reads. */
export const write = (windows: readonly QuietWindow[]): readonly unknown[] =>
  windows.map((window) =>
    "schedule" in window ? { ...window, schedule: Schedule.encode(window.schedule) } : window,
  )

/** Which column is read, and which part of it. */
interface Place {
  readonly column: string
  readonly field: string
}

/** Returns the windows; throws when one of them has a schedule that is none. */
export const read = (stored: typeof Stored.Type, { column, field }: Place): readonly QuietWindow[] =>
  stored.map((window, index) =>
    "schedule" in window
      ? {
          ...window,
          schedule: readSchedule(window.schedule, { column, field: `${field}.${index}.schedule` }),
        }
      : window,
  )

/** Returns the schedule; throws when it is none. */
export const readSchedule = (
  stored: typeof StoredSchedule.Type,
  { column, field }: Place,
): Schedule.Schedule => {
  const schedule = decodeSchedule(stored as unknown as Schedule.Encoded) // safe because of what `decodeSchedule` catches
  return (
    schedule ??
    Row.unreadable(column, `a schedule does not read as one (${Row.excerpt(JSON.stringify(stored))})`, field)
  )
}

const decodeText = Row.document(Stored)

/** Returns a text that `parse` reads; `null` for no windows. */
export const print = (windows: readonly QuietWindow[]): string | null =>
  windows.length === 0 ? null : JSON.stringify(write(windows))

/** Returns the windows of a text that `print` wrote; throws when it is none. */
export const parse = (text: string | null): readonly QuietWindow[] => {
  if (text === null) return none
  const column = "quiet"
  return read(decodeText(text, column), { column, field: column })
}

const none: readonly QuietWindow[] = []

/**
 * Returns `undefined` for what is no schedule. A schedule's module answers a wrong expression with a failure, and throws
 * at values of wrong types, which only a damaged row has.
 */
const decodeSchedule = (encoded: Schedule.Encoded): Schedule.Schedule | undefined => {
  try {
    const schedule = Result.getOrUndefined(Schedule.decode(encoded))
    return schedule?.kind === "every" && schedule.period > Row.longest ? undefined : schedule
  } catch {
    return undefined
  }
}
