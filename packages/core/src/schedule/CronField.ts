/** One field of a cron line: what may stand in it, and the set that it stands for. */
import * as Bits from "./Bits.ts"
import * as Whitespace from "./Whitespace.ts"

export interface CronField {
  readonly name: "second" | "minute" | "hour" | "day-of-month" | "month" | "day-of-week"
  readonly first: number
  readonly last: number
  /** All of them, as `Draft.low` and `high`. */
  readonly low: number
  readonly high: number
  /** Three letters each, the first stands for `first`. */
  readonly names: string
  readonly allowed: string
}

const usual = "lists (1,2), ranges (1-5) and steps (*/2, 1-5/2)"

export const second: CronField = field("second", 0, 59, "", `*, 0-59, ${usual}`)
export const minute: CronField = field("minute", 0, 59, "", `*, 0-59, ${usual}`)
export const hour: CronField = field("hour", 0, 23, "", `*, 0-23, ${usual}`)
export const dayOfMonth: CronField = field(
  "day-of-month",
  1,
  31,
  "",
  `*, 1-31, ${usual}, L (last day) or LW (last Monday to Friday)`,
)
export const month: CronField = field(
  "month",
  1,
  12,
  "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC",
  `*, 1-12 or JAN-DEC, ${usual}`,
)
export const dayOfWeek: CronField = field(
  "day-of-week",
  0,
  7,
  "SUNMONTUEWEDTHUFRISAT",
  `*, 0-7 or SUN-SAT (0 and 7 are Sunday), ${usual}, 5L (last Friday) or 5#2 (second Friday)`,
)

/** What has been read of a line so far. */
export interface Draft {
  /** The line in upper case. */
  text: string
  /** Where the first six words begin and end, in turn. */
  readonly bounds: Array<number>
  /** How many words there are. */
  count: number
  /** Where the current word begins and ends. */
  from: number
  to: number
  /** Members of the current field: 0–29, and from 30. */
  low: number
  high: number
  /** `L` and `LW` of the day-of-month. */
  lastDay: boolean
  lastWorkday: boolean
  /** `nL` and `n#k` of the day-of-week, as bits of weekdays 0–7. */
  lastWeekdays: number
  nthWeekdays: Array<number> | undefined
  problem: Problem | undefined
}

export interface Problem {
  readonly field: string
  readonly from: number
  readonly to: number
  readonly expected: string
}

/** One for all lines, each read before the next: reading a line allocates nothing but its result. */
const shared: Draft = {
  text: "",
  bounds: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  count: 0,
  from: 0,
  to: 0,
  low: 0,
  high: 0,
  lastDay: false,
  lastWorkday: false,
  lastWeekdays: 0,
  nthWeekdays: undefined,
  problem: undefined,
}

/** Finds the words of a line. What it returns is good until it is called again. */
export const draft = (line: string): Draft => {
  const { bounds } = shared
  let count = 0
  let inside = false
  let upper = true
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (Whitespace.is(code)) {
      if (inside && count <= 6) bounds[2 * count - 1] = at
      inside = false
    } else {
      if (code >= 0x61) upper = false
      if (!inside && count++ < 6) bounds[2 * count - 2] = at
      inside = true
    }
  }
  if (inside && count <= 6) bounds[2 * count - 1] = line.length
  const text = upper ? line : line.toUpperCase()
  // A few letters grow in upper case (ß → SS): the words are elsewhere then.
  if (text.length !== line.length) return draft(text)
  shared.text = text
  shared.count = count
  shared.lastDay = false
  shared.lastWorkday = false
  shared.lastWeekdays = 0
  shared.nthWeekdays = undefined
  shared.problem = undefined
  return shared
}

/** Reads word number `index` as a field into `low`, `high` and the specials; `false` leaves a problem. */
export const read = (self: Draft, index: number, of: CronField): boolean => {
  let from = (self.from = self.bounds[2 * index]!)
  const to = (self.to = self.bounds[2 * index + 1]!)
  if (to === from + 1 && self.text.charCodeAt(from) === star) {
    self.low = of.low
    self.high = of.high
    return true
  }
  self.low = 0
  self.high = 0
  for (let at = from; at < to; at++) {
    if (self.text.charCodeAt(at) !== comma) continue
    if (!readTerm(self, of, from, at)) return false
    from = at + 1
  }
  return readTerm(self, of, from, to)
}

const comma = 0x2c
const star = 0x2a
const slash = 0x2f
const dash = 0x2d
const hash = 0x23
const letterL = 0x4c
const letterW = 0x57

/** Larger than any field is long: a larger step means the same. */
const largest = 1_000_000

function field(
  name: CronField["name"],
  first: number,
  last: number,
  names: string,
  allowed: string,
): CronField {
  const low = Bits.range(first, Math.min(last, 29))
  const high = last < 30 ? 0 : Bits.range(0, last - 30)
  return { name, first, last, low, high, names, allowed }
}

function readTerm(self: Draft, of: CronField, from: number, to: number): boolean {
  const text = self.text
  const short = to - from <= 2 ? number(text, from, to) : -1
  if (short >= of.first && short <= of.last) return add(self, short, short, 1)
  let slashAt = to
  let dashAt = -1
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (of === dayOfWeek && (code === letterL || code === hash)) return readWeekday(self, from, to)
    if (code === slash) {
      slashAt = at
      break
    }
    if (code === dash && dashAt < 0) dashAt = at
  }
  // A slash hides what follows it, but an L or # there decides all the same how cronsim reads the term.
  if (of === dayOfWeek && slashAt < to && hasSpecial(text, slashAt, to)) return readWeekday(self, from, to)
  const stepped = slashAt < to
  const step = stepped ? number(text, slashAt + 1, to) : 1
  if (step < 1) return fail(self, of.name, slashAt + 1, to, "a step of 1 or more after the slash")
  if (slashAt === from + 1 && text.charCodeAt(from) === star) return add(self, of.first, of.last, step)
  if (dashAt >= 0) return readRange(self, of, from, dashAt, slashAt, stepped, step)
  if (of === dayOfMonth && text.charCodeAt(from) === letterL) return readLast(self, from, slashAt)
  const single = value(text, from, slashAt, of)
  if (single < 0) return fail(self, of.name, from, slashAt, of.allowed)
  return add(self, single, stepped ? of.last : single, step)
}

function readRange(
  self: Draft,
  of: CronField,
  from: number,
  dashAt: number,
  to: number,
  stepped: boolean,
  step: number,
): boolean {
  const first = value(self.text, from, dashAt, of)
  if (first < 0) return fail(self, of.name, from, dashAt === from ? to : dashAt, of.allowed)
  const last = value(self.text, dashAt + 1, to, of)
  if (last < 0) return fail(self, of.name, dashAt + 1, to, of.allowed)
  if (last < first) return fail(self, of.name, from, to, forwards(of, first, last))
  // cronsim takes a range of one for the value alone: 5-5/10 is 5/10 is 5,15,25,…
  return add(self, first, stepped && first === last ? of.last : last, step)
}

function forwards(of: CronField, first: number, last: number): string {
  const wrapped = `${show(of, first)}-${of.last === 7 ? "SAT" : of.last},${of.first}-${show(of, last)}`
  return `a range that goes forwards (a range does not wrap around; ${wrapped} does what was probably meant)`
}

function show(of: CronField, value: number): string {
  if (of.names === "") return String(value)
  const at = ((value - of.first) * 3) % of.names.length
  return of.names.slice(at, at + 3)
}

function readLast(self: Draft, from: number, to: number): boolean {
  if (to === from + 1) return (self.lastDay = true)
  if (to === from + 2 && self.text.charCodeAt(from + 1) === letterW) return (self.lastWorkday = true)
  return fail(self, dayOfMonth.name, from, to, dayOfMonth.allowed)
}

function readWeekday(self: Draft, from: number, to: number): boolean {
  const text = self.text
  const term = text.slice(from, to)
  if (term.includes("L")) {
    const weekday = term.indexOf("L") === term.length - 1 ? number(text, from, to - 1) : -1
    if (weekday < 0 || weekday > 7)
      return fail(self, dayOfWeek.name, from, to, "0L to 7L: the last such weekday")
    self.lastWeekdays |= 1 << weekday
    return true
  }
  const at = from + term.indexOf("#")
  const weekday = value(text, from, at, dayOfWeek)
  if (weekday < 0) return fail(self, dayOfWeek.name, from, at, "one weekday before the #: 0-7 or SUN-SAT")
  const nth = number(text, at + 1, to)
  if (nth < 1 || nth > 5) return fail(self, dayOfWeek.name, at + 1, to, "1 to 5 after the #")
  self.nthWeekdays ??= [0, 0, 0, 0, 0]
  self.nthWeekdays[nth - 1]! |= 1 << weekday
  return true
}

function hasSpecial(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === letterL || code === hash) return true
  }
  return false
}

function add(self: Draft, first: number, last: number, step: number): boolean {
  if (step === 1) {
    if (first < 30) self.low |= Bits.range(first, Math.min(last, 29))
    if (last >= 30) self.high |= Bits.range(Math.max(first, 30) - 30, last - 30)
    return true
  }
  for (let value = first; value <= last; value += step) {
    if (value < 30) self.low |= 1 << value
    else self.high |= 1 << (value - 30)
  }
  return true
}

function fail(self: Draft, name: string, from: number, to: number, expected: string): false {
  self.problem = { field: name, from, to, expected }
  return false
}

/** A number or a name of the field, in range; otherwise −1. */
function value(text: string, from: number, to: number, of: CronField): number {
  let found = number(text, from, to)
  if (found < 0 && to - from === 3 && of.names !== "") {
    const at = of.names.indexOf(text.slice(from, to))
    if (at >= 0 && at % 3 === 0) found = of.first + at / 3
  }
  return found >= of.first && found <= of.last ? found : -1
}

/** ASCII digits only; −1 for anything else. */
function number(text: string, from: number, to: number): number {
  if (from >= to) return -1
  let found = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return -1
    found = found < largest ? found * 10 + digit : largest
  }
  return found
}
