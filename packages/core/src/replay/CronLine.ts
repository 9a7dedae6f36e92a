/** Cron lines: the one that a series of signals may come from, read off the wall clock of a zone. */
import * as Result from "effect/Result"
import * as Civil from "../schedule/Civil.ts"
import * as Cron from "../schedule/Cron.ts"
import { day, minute, second, type Instant, type Span } from "../Time.ts"
import * as Zone from "../Zone.ts"

/** A cron line that was guessed. */
export interface CronLine {
  readonly schedule: Cron.Cron
}

/** Numbers of minutes that divide an hour: the steps that a cron line can have within one. */
const steps = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30]

/** Returns the cron line that fits instants with a typical gap; `undefined` when they do not follow the wall clock. */
export const guess = (instants: readonly Instant[], typical: Span, zone: Zone.Zone): CronLine | undefined => {
  const step = stepOf(typical / minute)
  if (step === undefined) return undefined
  const walls = instants.map((at) => {
    const seconds = Math.floor(at / second)
    return seconds + Zone.offsetAt(zone, seconds)
  })
  const start = earliestPhase(walls, step * 60)
  if (start === undefined) return undefined
  const offset = Math.floor(start / 60)
  // Moved back by the offset, slots lie on whole steps, and a late signal falls into the hour of its slot.
  const slots = walls.map((wall) => wall - offset * 60)
  const days = (instants[instants.length - 1]! - instants[0]!) / day
  const isMonthly = typical >= 20 * day
  const line = [
    minutes(step, offset),
    days >= 2 || typical >= 120 * minute ? field(often(slots.map(hourOf), 24), 24, 0) : "*",
    isMonthly ? field(often(slots.map(dayOf), 32), 32, 1) : "*",
    "*",
    days >= 14 && !isMonthly ? field(often(slots.map(weekdayOf), 7), 7, 0) : "*",
  ].join(" ")
  return Result.match(Cron.parse(line, zone), {
    onSuccess: (schedule) => ({ schedule }),
    onFailure: () => undefined,
  })
}

/** Returns the minutes between slots within an hour; 60 when there is one slot an hour or fewer. */
const stepOf = (gap: number): number | undefined =>
  gap >= 50 ? 60 : steps.find((step) => Math.abs(step - gap) <= step / 5)

/**
 * Returns where in the step signals begin, in seconds: the start of the shortest arc of the circle that holds nine of
 * ten. `undefined` when that arc is half the circle or more, because such signals do not follow the clock.
 */
const earliestPhase = (walls: readonly number[], length: number): number | undefined => {
  const phases = Float64Array.from(walls, (wall) => ((wall % length) + length) % length).sort()
  const held = Math.ceil(phases.length * 0.9)
  let best: { readonly start: number; readonly arc: number } | undefined
  phases.forEach((start, index) => {
    const end = index + held - 1
    const last = end < phases.length ? phases[end]! : phases[end - phases.length]! + length
    if (best === undefined || last - start < best.arc) best = { start, arc: last - start }
  })
  return best === undefined || best.arc >= length / 2 ? undefined : best.start
}

const minutes = (step: number, offset: number): string => {
  if (step === 60) return String(offset)
  if (step === 1) return "*"
  return offset === 0 ? `*/${step}` : `${offset}-59/${step}`
}

const hourOf = (wall: number): number => Math.floor(wall / 3600) % 24
const dayOf = (wall: number): number => Civil.dayOf(Civil.fromDay(Civil.dayAt(wall)))
const weekdayOf = (wall: number): number => Civil.weekdayOf(Civil.dayAt(wall))

/** Returns the values that are no exceptions: at least a third as frequent as the most frequent one. */
const often = (values: readonly number[], size: number): readonly number[] => {
  const counts = Array.from({ length: size }, () => 0)
  for (const value of values) counts[value]! += 1
  const most = Math.max(...counts)
  return counts.flatMap((count, value) => (count * 3 >= most ? [value] : []))
}

/** Returns values as a field of a cron line; `from` is the smallest value that the field can have. */
const field = (values: readonly number[], size: number, from: number): string => {
  if (values.length === size - from) return "*"
  const [first, second] = values
  if (first === undefined || second === undefined) return values.join()
  const step = second - first
  const isEven = values.every((value, index) => value === first + index * step)
  if (
    isEven &&
    step > 1 &&
    first === from &&
    (size - from) % step === 0 &&
    values.length === (size - from) / step
  ) {
    return `*/${step}`
  }
  if (isEven && step === 1 && values.length > 2) return `${first}-${values[values.length - 1]}`
  return values.join()
}
