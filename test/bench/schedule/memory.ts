/** What many schedules cost: heap for each, and the time of `next` when every call takes another one. */
import * as Schedule from "@overdue/core/Schedule"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { instants } from "./contenders.ts"

export interface Growth {
  readonly schedules: number
  /** Heap bytes a schedule, its text included. */
  readonly bytes: number
  /** Of one `next`. */
  readonly nanoseconds: number
}

export const growth = (sizes: ReadonlyArray<number>): ReadonlyArray<Growth> => {
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc") as () => void // safe because the flag defines it
  const zone = Result.getOrThrow(Zone.make("Europe/Riga"))
  return sizes.map((schedules) => {
    collect()
    const before = process.memoryUsage().heapUsed
    const all = Array.from({ length: schedules }, (_, index) => make(index, zone))
    collect()
    const bytes = (process.memoryUsage().heapUsed - before) / schedules
    return { schedules, bytes, nanoseconds: walk(all) }
  })
}

function make(index: number, zone: Zone.Zone): Schedule.Schedule {
  const expression = `${index % 60} ${index % 24} * * ${index % 7}`
  return Result.getOrThrow(Schedule.parse(expression, zone))
}

function walk(schedules: ReadonlyArray<Schedule.Schedule>): number {
  const calls = Math.max(schedules.length, 200_000)
  let sum = 0
  const start = process.hrtime.bigint()
  for (let i = 0; i < calls; i++) {
    // A stride that shares no factor with the sizes: neighbours in memory do not follow each other.
    const schedule = schedules[(i * 7919) % schedules.length]!
    sum += Schedule.next(schedule, instants[i % instants.length]!) ?? NaN
  }
  const elapsed = Number(process.hrtime.bigint() - start)
  if (!Number.isFinite(sum)) throw new Error("a schedule found no next slot")
  return elapsed / calls
}
