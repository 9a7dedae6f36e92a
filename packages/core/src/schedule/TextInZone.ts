/** What the kinds of schedules share that are a text on the wall clock of a zone: their form as plain data. */
import * as Result from "effect/Result"
import * as Zone from "../Zone.ts"
import type { ScheduleError } from "./ScheduleError.ts"

/** A schedule of a kind as plain data. */
export interface Encoded<K extends string> {
  readonly kind: K
  readonly expression: string
  readonly zone: string
}

/** A schedule of a kind that was read. */
interface Read<K extends string> {
  readonly kind: K
  readonly expression: string
  readonly zone: Zone.Zone
}

/** Returns a schedule as plain data, for a row or a message. */
export const encode = <K extends string>({ kind, expression, zone }: Read<K>): Encoded<K> => ({
  kind,
  expression,
  zone: zone.name,
})

/** Returns what makes schedules of plain data; it fails when the zone or the expression is wrong. */
export const decoder =
  <S>(parse: (expression: string, zone: Zone.Zone) => Result.Result<S, ScheduleError>) =>
  ({ expression, zone }: Omit<Encoded<string>, "kind">): Result.Result<S, ScheduleError> =>
    Result.flatMap(Zone.make(zone), (zone) => parse(expression, zone))
