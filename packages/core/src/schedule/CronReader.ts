/** The reader of a cron line: finds its words, and reads them field by field into sets. */
import * as Bits from "./Bits.ts"
import * as CronField from "./CronField.ts"
import * as Whitespace from "./Whitespace.ts"

/** What was read of a line so far. */
export interface CronReader {
  /** The line in upper case. */
  text: string
  /** Where each of the first six words begins and ends: beginning, end, beginning, end, … */
  readonly bounds: number[]
  /** How many words there are. */
  count: number
  /** The current word: its number, and where it begins and ends. */
  index: number
  from: number
  to: number
  /** Members of the current field: 0–29, and from 30. */
  low: number
  high: number
  /** Whether the day-of-month has `L`, and `LW`. */
  lastDay: boolean
  lastWorkday: boolean
  /** The weekdays 0–7 of `nL` and `n#k` in the day-of-week, as bits. */
  lastWeekdays: number
  nthWeekdays: number[] | undefined
  /** Why the last `read` failed. */
  problem: Problem | undefined
}

/** What is wrong with a line, and where. */
export interface Problem {
  /** The number of the word, from 0. */
  readonly index: number
  readonly field: string
  readonly from: number
  readonly to: number
  readonly expected: string
}

/** One for all lines, which are read one after another: reading a line then allocates nothing but its result. */
const shared: CronReader = {
  text: "",
  bounds: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  count: 0,
  index: 0,
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

/** Returns a reader that has found the words of a line. It is valid until the next call. */
export const of = (line: string): CronReader => {
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
  // A few letters grow in upper case (ß → SS), and move the words behind them.
  if (text.length !== line.length) return of(text)
  shared.text = text
  shared.count = count
  shared.lastDay = false
  shared.lastWorkday = false
  shared.lastWeekdays = 0
  shared.nthWeekdays = undefined
  shared.problem = undefined
  return shared
}

/**
 * Reads word number `index` as a field, into `low`, `high` and the members for specials. Returns false and sets
 * `problem` when it cannot.
 */
export const read = (self: CronReader, index: number, field: CronField.CronField): boolean => {
  self.index = index
  let from = (self.from = self.bounds[2 * index]!)
  const to = (self.to = self.bounds[2 * index + 1]!)
  if (to === from + 1 && self.text.charCodeAt(from) === star) {
    self.low = field.low
    self.high = field.high
    return true
  }
  self.low = 0
  self.high = 0
  for (let at = from; at < to; at++) {
    if (self.text.charCodeAt(at) !== comma) continue
    if (!readTerm(self, field, from, at)) return false
    from = at + 1
  }
  return readTerm(self, field, from, to)
}

const comma = 0x2c
const star = 0x2a
const slash = 0x2f
const dash = 0x2d
const hash = 0x23
const letterL = 0x4c
const letterW = 0x57

const readTerm = (self: CronReader, field: CronField.CronField, from: number, to: number): boolean => {
  const text = self.text
  const short = to - from <= 2 ? CronField.number(text, from, to) : -1
  if (short >= field.first && short <= field.last) return add(self, short, short, 1)
  let slashAt = to
  let dashAt = -1
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (field === CronField.dayOfWeek && (code === letterL || code === hash))
      return readWeekday(self, from, to)
    if (code === slash) {
      slashAt = at
      break
    }
    if (code === dash && dashAt < 0) dashAt = at
  }
  // Only what stands before a slash is looked at above; but cronsim reads a term as a weekday for an L or # after it,
  // too.
  if (field === CronField.dayOfWeek && slashAt < to && hasSpecial(text, slashAt, to))
    return readWeekday(self, from, to)
  const stepped = slashAt < to
  const step = stepped ? CronField.number(text, slashAt + 1, to) : 1
  if (step < 1) return fail(self, field.name, slashAt + 1, to, "a step of 1 or more after the slash")
  if (slashAt === from + 1 && text.charCodeAt(from) === star) return add(self, field.first, field.last, step)
  if (dashAt >= 0) return readRange(self, field, from, dashAt, slashAt, stepped, step)
  if (field === CronField.dayOfMonth && text.charCodeAt(from) === letterL)
    return readLast(self, from, slashAt)
  const single = CronField.value(field, text, from, slashAt)
  if (single < 0) return fail(self, field.name, from, slashAt, field.allowed)
  return add(self, single, stepped ? field.last : single, step)
}

const readRange = (
  self: CronReader,
  field: CronField.CronField,
  from: number,
  dashAt: number,
  to: number,
  stepped: boolean,
  step: number,
): boolean => {
  const first = CronField.value(field, self.text, from, dashAt)
  if (first < 0) return fail(self, field.name, from, dashAt === from ? to : dashAt, field.allowed)
  const last = CronField.value(field, self.text, dashAt + 1, to)
  if (last < 0) return fail(self, field.name, dashAt + 1, to, field.allowed)
  if (last < first) return fail(self, field.name, from, to, CronField.forwards(field, first, last))
  // In cronsim a range of one value is that value: 5-5/10 is 5/10, which is 5,15,25,…
  return add(self, first, stepped && first === last ? field.last : last, step)
}

const readLast = (self: CronReader, from: number, to: number): boolean => {
  if (to === from + 1) return (self.lastDay = true)
  if (to === from + 2 && self.text.charCodeAt(from + 1) === letterW) return (self.lastWorkday = true)
  return fail(self, CronField.dayOfMonth.name, from, to, CronField.dayOfMonth.allowed)
}

const readWeekday = (self: CronReader, from: number, to: number): boolean => {
  const text = self.text
  const term = text.slice(from, to)
  if (term.includes("L")) {
    const weekday = term.indexOf("L") === term.length - 1 ? CronField.number(text, from, to - 1) : -1
    if (weekday < 0 || weekday > 7)
      return fail(self, CronField.dayOfWeek.name, from, to, "0L to 7L: the last such weekday")
    self.lastWeekdays |= 1 << weekday
    return true
  }
  const at = from + term.indexOf("#")
  const weekday = CronField.value(CronField.dayOfWeek, text, from, at)
  if (weekday < 0)
    return fail(self, CronField.dayOfWeek.name, from, at, "one weekday before the #: 0-7 or SUN-SAT")
  const nth = CronField.number(text, at + 1, to)
  if (nth < 1 || nth > 5) return fail(self, CronField.dayOfWeek.name, at + 1, to, "1 to 5 after the #")
  self.nthWeekdays ??= [0, 0, 0, 0, 0]
  self.nthWeekdays[nth - 1]! |= 1 << weekday
  return true
}

const hasSpecial = (text: string, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === letterL || code === hash) return true
  }
  return false
}

const add = (self: CronReader, first: number, last: number, step: number): boolean => {
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

const fail = (self: CronReader, name: string, from: number, to: number, expected: string): false => {
  self.problem = { index: self.index, field: name, from, to, expected }
  return false
}
