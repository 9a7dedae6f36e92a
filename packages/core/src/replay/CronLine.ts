/** A cron line that signals may come from, read off the wall clock of a zone. */
import * as Result from "effect/Result"
import * as Civil from "../schedule/Civil.ts"
import * as Cron from "../schedule/Cron.ts"
import { day, minute, second, type Instant, type Span } from "../Time.ts"
import * as Zone from "../Zone.ts"

export interface CronLine {
  readonly schedule: Cron.Cron
}

/** Numbers of minutes that divide an hour: what a cron line can say "every so many minutes" with. */
const steps = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30]

/** The line that fits instants whose typical gap is known; `undefined` when they do not keep to the wall clock. */
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
  // Slots of these are on whole steps: what comes late in an hour belongs to the hour of its slot.
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

/** Minutes between slots within an hour; 60 when there is one an hour or fewer. */
const stepOf = (gap: number): number | undefined =>
  gap >= 50 ? 60 : steps.find((step) => Math.abs(step - gap) <= step / 5)

/**
 * Where in the step signals begin: the start of the shortest arc of the circle that holds nine of ten. `undefined` when
 * that is half the circle or more, for then they do not keep to the clock.
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

/** The values that are not exceptions: at least a third as frequent as the most frequent one. */
const often = (values: readonly number[], size: number): readonly number[] => {
  const counts = Array.from({ length: size }, () => 0)
  for (const value of values) counts[value]! += 1
  const most = Math.max(...counts)
  return counts.flatMap((count, value) => (count * 3 >= most ? [value] : []))
}

/** Values of a field as cron writes them; `from` is the first value that the field has. */
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
