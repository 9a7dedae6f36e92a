/**
 * Time zones: wall clock ↔ instant. The only user of `Intl`.
 *
 * Seconds here are whole seconds since 1970-01-01T00:00:00: of an instant in UTC, or of a wall clock, read as if it
 * showed UTC. A wall time in a *gap* never happens, one in an *overlap* happens twice.
 */
import * as Result from "effect/Result"
import { ScheduleError } from "./schedule/ScheduleError.ts"
import * as ZoneHint from "./schedule/ZoneHint.ts"
import * as ZoneNames from "./schedule/ZoneNames.ts"

/** A time zone. There is one object for each name, so that zones can be compared by identity. */
export interface Zone {
  readonly _tag: "Zone"
  /** The IANA name that it was asked for by, case-sensitive. */
  readonly name: string
  /** What was read from `Intl` so far. Not enumerable, because it is no part of the value. */
  readonly [memory]: Memory
}

const memory: unique symbol = Symbol("memory")

/** A stretch of time with one offset. Neighbours may have the same offset, because a segment ends with its chunk. */
export interface Segment {
  /** First second inside. */
  readonly from: number
  /** First second after it. */
  readonly until: number
  /** Seconds that the wall clock is ahead of UTC. */
  readonly offset: number
}

/** A clock change: at `second` the offset changes from `before` to `after`, in seconds. */
export interface Transition {
  readonly second: number
  readonly before: number
  readonly after: number
}

interface Memory {
  readonly format: Intl.DateTimeFormat | undefined
  /** By number, from 1970 on. A list, because a look-up takes a third of the time that it takes in a map. */
  readonly chunks: (readonly Segment[] | undefined)[]
  /** Chunks before 1970, and from number `listed` on. */
  readonly farChunks: Map<number, readonly Segment[]>
  /** The segment of the last look-up, in which most look-ups fall again. */
  latest: Segment
}

/** Length of a chunk in seconds (48.5 days): offsets are read from `Intl` chunk by chunk, when first needed. */
const chunkLength = 2 ** 22

/** How many chunks are kept in a list: those until 2236. */
const listed = 2000

/** How many chunks outside the list are kept, so that look-ups in distant centuries do not fill the memory. */
const keptFar = 64

/**
 * Seconds between two readings. The shortest time between two clock changes is 6.9 days (tz 2025b, 1970–2100: Gaza,
 * Noronha).
 */
const probeLength = chunkLength / 8

/** Clock changes come at a quarter of an hour (UTC), except a few old ones, which are searched to the second. */
const quarter = 900

/** The farthest instant that a `Date`, and so `Intl`, can hold: in seconds before and after 1970. */
export const farthest = 8.64e12

/**
 * No offset is or was larger than this, in seconds (the largest: Alaska and Manila before they crossed the date line).
 */
export const widestOffset = 16 * 3600

/** No clock change is larger than this, in seconds: a day, and some hours for the change of a neighbouring segment. */
export const widestShift = 27 * 3600

const remember = (name: string, format: Intl.DateTimeFormat | undefined, latest: Segment): Zone => {
  const value: Memory = { format, chunks: [], farChunks: new Map(), latest }
  const zone = { _tag: "Zone", name } as const
  return Object.defineProperty(zone, memory, { value }) as Zone // safe because the property was just defined
}

const fixed = (name: string): Zone =>
  remember(name, undefined, { from: -Infinity, until: Infinity, offset: 0 })

/** UTC, whose clock never changes. */
export const utc: Zone = fixed("UTC")

/** The names that the runtime lists: some current, some legacy. Read when first needed. */
let supported: ReadonlySet<string> | undefined

const zones = new Map<string, Zone>([[utc.name, utc]])

/**
 * Returns the zone with a case-sensitive IANA name; `Intl` alone would accept `europe/riga` and `EST5edt`, too.
 *
 * A legacy name is a zone of its own. An API that stores names converts them first, see `canonical`.
 */
export const make = (name: string): Result.Result<Zone, ScheduleError> => {
  const zone = find(name)
  return zone === undefined ? Result.fail(unknown(name, 0)) : Result.succeed(zone)
}

/** Returns the zone with a name, as `make` does; `undefined` when there is none. */
export const find = (name: string): Zone | undefined => {
  const known = zones.get(name)
  if (known !== undefined) return known
  const zone = isName(name) ? load(name) : undefined
  if (zone !== undefined) zones.set(name, zone)
  return zone
}

/**
 * Returns the current name for a legacy one, as Healthchecks stores it (`Europe/Kiev` → `Europe/Kyiv`); other names
 * unchanged.
 */
export const canonical = (name: string): string => ZoneNames.legacy.get(name) ?? name

/** Returns the zone that people name: an old name stands for the current one. Fails as `make` does. */
export const read = (name: string): Result.Result<Zone, ScheduleError> => make(canonical(name))

/** Returns the error for an unknown name at `offset` of a text. */
export const unknown = (name: string, offset: number): ScheduleError =>
  new ScheduleError({
    field: "zone",
    part: name,
    expected: `an IANA time zone name${ZoneHint.of(name)}`,
    offset,
  })

/** Returns the segment with an instant in it. */
export const segmentAt = (zone: Zone, second: number): Segment => {
  const table = zone[memory]
  const latest = table.latest
  if (second >= latest.from && second < latest.until) return latest
  const chunk = chunkAt(table, Math.floor(second / chunkLength))
  let i = 0
  while (second >= chunk[i]!.until) i++
  return (table.latest = chunk[i]!)
}

/** Returns by how many seconds the wall clock is ahead of UTC at an instant. */
export const offsetAt = (zone: Zone, second: number): number => segmentAt(zone, second).offset

/**
 * Returns the latest wall time that the clock has shown up to an instant (inclusive). In an overlap that may be later
 * than what it shows.
 */
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
 * Returns the first instant, not before `from`, at which the wall clock shows `wall` or later: for a wall time in a gap
 * the end of the gap, for one in an overlap the first of the two.
 */
export const firstAt = (zone: Zone, from: number, wall: number): number => {
  let segment = segmentAt(zone, Math.max(from, wall - widestOffset))
  for (;;) {
    const second = Math.max(from, segment.from, wall - segment.offset)
    if (second < segment.until) return second
    segment = segmentAt(zone, segment.until)
  }
}

/**
 * Returns the first clock change after an instant (exclusive) and until `until` (inclusive); `undefined` when there is
 * none.
 */
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

/** Whether the clock changes at all in 2025 to 2037, the years that time zone data lists one by one. */
export const changes = (zone: Zone): boolean =>
  nextTransition(zone, Date.UTC(2025, 0, 1) / 1000, Date.UTC(2038, 0, 1) / 1000) !== undefined

/** Returns a zone; `undefined` when the time zone data of this runtime lacks the name. */
const load = (name: string): Zone | undefined => {
  if (name === "Etc/UTC") return fixed(name)
  try {
    // A format needs at least one field; the fewer it has, the faster it is.
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
    // Filled one by one, so that the list stays dense.
    while (table.chunks.length <= index) table.chunks.push(undefined)
    return (table.chunks[index] ??= readChunk(table, index))
  }
  let chunk = table.farChunks.get(index)
  if (chunk === undefined) {
    if (table.farChunks.size >= keptFar) table.farChunks.clear()
    table.farChunks.set(index, (chunk = readChunk(table, index)))
  }
  return chunk
}

const isName = (name: string): boolean => {
  // Newer time zone data may have zones that the list lacks.
  if (ZoneNames.all.has(name)) return true
  supported ??= new Set(Intl.supportedValuesOf("timeZone"))
  return supported.has(name)
}

const readChunk = (table: Memory, index: number): readonly Segment[] => {
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

/** Returns the second after `low`, up to `high` (inclusive), from which on the offset is not `before` any more. */
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
  const text = table.format!.format(within * 1000) // safe because a zone without a format is never read
  const sign = text.lastIndexOf("GMT") + 3 // "1 AM GMT+03:00", "12 AM GMT-00:44:30", "12 AM GMT"
  if (sign >= text.length) return 0
  const digits = (at: number): number => (at < text.length ? Number(text.slice(at, at + 2)) : 0)
  const size = digits(sign + 1) * 3600 + digits(sign + 4) * 60 + digits(sign + 7)
  return text.charCodeAt(sign) === 0x2b ? size : -size
}
