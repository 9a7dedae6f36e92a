/**
 * Time zones: wall clock ↔ instant. The only user of `Intl`.
 *
 * Seconds here are whole seconds since 1970-01-01T00:00:00, of an instant (UTC) or of a wall clock (read as if it
 * were UTC). A wall time in a *gap* never happens; one in an *overlap* happens twice.
 */
import * as Result from "effect/Result"
import { ScheduleError } from "./schedule/ScheduleError.ts"
import * as ZoneNames from "./schedule/ZoneNames.ts"

/** One per name: two zones are the same zone when they are the same object. */
export interface Zone {
  readonly _tag: "Zone"
  /** The IANA name it was asked for by, case-sensitive. */
  readonly name: string
  /** Not enumerable: what a zone has read so far says nothing about what it is. */
  readonly [memory]: Memory
}

const memory: unique symbol = Symbol("memory")

/** A stretch of time under one offset. Neighbours may share an offset: a segment can end where a table does. */
export interface Segment {
  /** First second inside. */
  readonly from: number
  /** First second after it. */
  readonly until: number
  /** Seconds that the wall clock is ahead of UTC. */
  readonly offset: number
}

/** A change of offset: at `second` the wall clock jumps from showing `before` to showing `after`. */
export interface Transition {
  readonly second: number
  readonly before: number
  readonly after: number
}

interface Memory {
  readonly format: Intl.DateTimeFormat | undefined
  /** By number, from 1970 on; a list, for a look-up in it takes a third of that in a map. */
  readonly chunks: (readonly Segment[] | undefined)[]
  /** Those before 1970 and after `listed`. */
  readonly farChunks: Map<number, readonly Segment[]>
  /** The segment of the last look-up: most look-ups fall into it again. */
  latest: Segment
}

/** Offsets are read from `Intl` in chunks of this many seconds (48.5 days), when first asked for. */
const chunkLength = 2 ** 22

/** Chunks that are kept in a list: until 2236. */
const listed = 2000

/** Chunks outside the list that are kept at a time: whoever asks for odd centuries must not fill the memory. */
const keptFar = 64

/** Seconds between two readings. No zone changes twice within 6.9 days (tz 2025b, 1970–2100: Gaza, Noronha). */
const probeLength = chunkLength / 8

/** Transitions happen on a quarter of an hour (UTC), but for a few old ones, which are searched to the second. */
const quarter = 900

/** Farthest instant that a `Date`, and so `Intl`, can hold, in seconds either side of 1970. */
export const farthest = 8.64e12

/** No wall clock is or was farther from UTC than this (Alaska and Manila before they crossed the date line). */
export const widestOffset = 16 * 3600

/** No transition moves a wall clock by more than this: a day, with room for the shift of a neighbouring one. */
export const widestShift = 27 * 3600

const remember = (name: string, format: Intl.DateTimeFormat | undefined, latest: Segment): Zone => {
  const value: Memory = { format, chunks: [], farChunks: new Map(), latest }
  const zone = { _tag: "Zone", name } as const
  return Object.defineProperty(zone, memory, { value }) as Zone // safe because the property has just been defined
}

const fixed = (name: string): Zone =>
  remember(name, undefined, { from: -Infinity, until: Infinity, offset: 0 })

export const utc: Zone = fixed("UTC")

/** What the runtime knows by itself: some current names, some legacy ones. */
let supported: ReadonlySet<string> | undefined

const zones = new Map<string, Zone>([[utc.name, utc]])

/**
 * The zone of a case-sensitive IANA name. `Intl` alone would take `europe/riga` and `EST5edt` too.
 *
 * Legacy names are zones of their own here: an API that stores one converts it first, see `canonical`.
 */
export const make = (name: string): Result.Result<Zone, ScheduleError> => {
  const known = zones.get(name)
  if (known !== undefined) return Result.succeed(known)
  const zone = isName(name) ? load(name) : undefined
  if (zone === undefined) return Result.fail(unknown(name, 0))
  zones.set(name, zone)
  return Result.succeed(zone)
}

/** The name that Healthchecks stores for a legacy one (`Europe/Kiev` → `Europe/Kyiv`); any other name as it is. */
export const canonical = (name: string): string => ZoneNames.legacy.get(name) ?? name

/** What is said of a name that is not one, found at `offset` of a text. */
export const unknown = (name: string, offset: number): ScheduleError =>
  new ScheduleError({
    field: "zone",
    part: name,
    expected: `an IANA time zone name in its own spelling, such as ${likeliest(name)}`,
    offset,
  })

/** The segment that holds an instant. */
export const segmentAt = (zone: Zone, second: number): Segment => {
  const table = zone[memory]
  const latest = table.latest
  if (second >= latest.from && second < latest.until) return latest
  const chunk = chunkAt(table, Math.floor(second / chunkLength))
  let i = 0
  while (second >= chunk[i]!.until) i++
  return (table.latest = chunk[i]!)
}

/** Seconds that the wall clock is ahead of UTC at an instant. */
export const offsetAt = (zone: Zone, second: number): number => segmentAt(zone, second).offset

/** The latest wall time that has been shown up to and including an instant: in a second pass, the end of the first. */
export const latestWall = (zone: Zone, second: number): number => {
  const segment = segmentAt(zone, second)
  let wall = second + segment.offset
  let from = segment.from
  while (second - from < widestShift) {
    const previous = segmentAt(zone, from - 1)
    wall = Math.max(wall, previous.until - 1 + previous.offset)
    from = previous.from
  }
  return wall
}

/**
 * The first instant, not before `from`, at which the wall clock shows `wall` or later.
 *
 * For a wall time in a gap that is the end of the gap, for one in an overlap its first pass.
 */
export const firstAt = (zone: Zone, from: number, wall: number): number => {
  let segment = segmentAt(zone, Math.max(from, wall - widestOffset))
  for (;;) {
    const second = Math.max(from, segment.from, wall - segment.offset)
    if (second < segment.until) return second
    segment = segmentAt(zone, segment.until)
  }
}

/** The first change of offset after an instant and not after `until`; `undefined` when there is none. */
export const nextTransition = (zone: Zone, after: number, until: number): Transition | undefined => {
  let segment = segmentAt(zone, after)
  while (segment.until <= until) {
    const following = segmentAt(zone, segment.until)
    if (following.offset !== segment.offset) {
      return { second: following.from, before: segment.offset, after: following.offset }
    }
    segment = following
  }
  return undefined
}

/** Whether its clock is set to change at all in the years that time zone data spells out, 2025 to 2037. */
export const changes = (zone: Zone): boolean =>
  nextTransition(zone, Date.UTC(2025, 0, 1) / 1000, Date.UTC(2038, 0, 1) / 1000) !== undefined

/** `undefined` when this runtime's time zone data lacks the name. */
const load = (name: string): Zone | undefined => {
  if (name === "Etc/UTC") return fixed(name)
  try {
    // The hour is asked for because a format needs a field; the fewer, the faster.
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hour: "numeric",
      timeZoneName: "longOffset",
    })
    return remember(name, format, { from: 0, until: 0, offset: 0 })
  } catch {
    return undefined
  }
}

const chunkAt = (table: Memory, index: number): readonly Segment[] => {
  if (index >= 0 && index < listed) {
    // Grown one by one, so that the list stays dense.
    while (table.chunks.length <= index) table.chunks.push(undefined)
    return (table.chunks[index] ??= read(table, index))
  }
  let chunk = table.farChunks.get(index)
  if (chunk === undefined) {
    if (table.farChunks.size >= keptFar) table.farChunks.clear()
    table.farChunks.set(index, (chunk = read(table, index)))
  }
  return chunk
}

const isName = (name: string): boolean => {
  // A newer release of the time zone data may know zones that the list does not.
  if (ZoneNames.all.has(name)) return true
  supported ??= new Set(Intl.supportedValuesOf("timeZone"))
  return supported.has(name)
}

const likeliest = (name: string): string => {
  const lower = name.toLowerCase()
  for (const known of ZoneNames.all) if (known.toLowerCase() === lower) return known
  return "Europe/Riga or UTC"
}

const read = (table: Memory, index: number): readonly Segment[] => {
  const start = index * chunkLength
  const segments: Segment[] = []
  let from = start
  let offset = readOffset(table, start)
  for (let probe = start; probe < start + chunkLength; probe += probeLength) {
    const later = readOffset(table, probe + probeLength)
    if (later === offset) continue
    const change = findChange(table, probe, probe + probeLength, offset)
    segments.push({ from, until: change, offset })
    from = change
    offset = later
  }
  if (from < start + chunkLength) segments.push({ from, until: start + chunkLength, offset })
  return segments
}

/** The second in (low, high] from which on the offset is no longer `before`. */
const findChange = (table: Memory, low: number, high: number, before: number): number => {
  let unit = quarter
  let from = Math.floor(low / unit)
  let to = Math.ceil(high / unit)
  for (;;) {
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2)
      if (readOffset(table, middle * unit) === before) from = middle
      else to = middle
    }
    if (unit === 1 || readOffset(table, to * unit - 1) === before) return to * unit
    to *= unit
    from *= unit
    unit = 1
  }
}

const readOffset = (table: Memory, second: number): number => {
  const within = Math.max(-farthest, Math.min(farthest, second))
  const text = table.format!.format(within * 1000) // safe because only zones without a format never read
  const sign = text.lastIndexOf("GMT") + 3 // "1 AM GMT+03:00", "12 AM GMT-00:44:30", "12 AM GMT"
  if (sign >= text.length) return 0
  const digits = (at: number): number => (at < text.length ? Number(text.slice(at, at + 2)) : 0)
  const size = digits(sign + 1) * 3600 + digits(sign + 4) * 60 + digits(sign + 7)
  return text.charCodeAt(sign) === 0x2b ? size : -size
}
