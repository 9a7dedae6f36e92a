/**
 * What somebody pasted that is no schedule: which dialect it is, and what to write instead.
 *
 * Only looked for when a text is refused. Each module of `dialect/` knows some dialects, and every line that is
 * offered has been read.
 */
import * as Limits from "../Limits.ts"
import * as Characters from "./dialect/Characters.ts"
import * as Crontab from "./dialect/Crontab.ts"
import * as CronWord from "./dialect/CronWord.ts"
import * as FieldCount from "./dialect/FieldCount.ts"
import { quote, type Finding, type Pasted, type Reads } from "./dialect/Finding.ts"
import * as Iso from "./dialect/Iso.ts"
import * as Period from "./dialect/Period.ts"
import * as Wrapping from "./dialect/Wrapping.ts"
import * as Interval from "./Interval.ts"
import { ScheduleError } from "./ScheduleError.ts"
import * as Whitespace from "./Whitespace.ts"

const fiveFields = "five cron fields (minute hour day-of-month month day-of-week)"
const either = "a cron expression of five fields or an OnCalendar expression"
const examples =
  'a cron expression of five fields, such as "0 3 * * 1-5", or an OnCalendar expression, such as "Mon..Fri 03:00"'

/**
 * Returns the error of a refused text in the words of its dialect. `error` is what the language said that the text was
 * read in, and `reads` the reading that refused it.
 */
export const explain = (text: string, error: ScheduleError, reads: Reads): ScheduleError => {
  // An error about the length is right about every dialect.
  if (text.length > Limits.expressionLength) return error
  const finding = recognise(text, reads)
  if (finding === undefined) return plainly(text, error)
  const { what, remedy, zone, piece, isCron } = finding
  const rewritten =
    finding.rewritten !== undefined && isPlain(finding.rewritten) ? finding.rewritten : undefined
  const write = rewritten === undefined ? remedy : `write ${quote(rewritten)} instead${zoneOf(zone)}`
  const isInWord = piece === undefined && isCron && Whitespace.countOnOneLine(text) === 5
  const wrong = piece ?? Whitespace.strip({ text, offset: 0 })
  return new ScheduleError({
    field: isInWord ? error.field : "expression",
    part: isInWord ? error.part : wrong.text,
    expected: `${isCron ? fiveFields : either}; ${what}${write === undefined ? "" : `: ${write}`}`,
    offset: isInWord ? error.offset : wrong.offset,
    ...(rewritten === undefined ? {} : { rewritten }),
    ...(rewritten === undefined || zone === undefined ? {} : { rewrittenZone: zone }),
  })
}

const zoneOf = (zone: string | undefined): string =>
  zone === undefined ? "" : `, and set the time zone ${zone}`

/** Whether a line has nothing that a terminal or a log would act on. */
const isPlain = (line: string): boolean => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(line)

const recognise = (text: string, reads: Reads): Finding | undefined => {
  const plain = Characters.plain(text)
  const unwrapped = Wrapping.unwrap(plain.text)
  const changes = [...plain.changes, ...unwrapped.changes]
  const [first] = changes
  // Unchanged, so that pieces keep their places in the text.
  if (first === undefined) return recognisePlain(text, reads, false)
  const found = recognisePlain(unwrapped.text, reads, true)
  const clauses = [...new Set(changes.map(({ what }) => what))].slice(0, 3)
  if (found !== undefined && found.what !== "") clauses.push(found.what)
  return {
    isCron: Whitespace.countOnOneLine(unwrapped.text) === 5,
    ...found,
    what: clauses.join("; "),
    piece: first.text === text ? Whitespace.strip({ text, offset: 0 }) : first,
  }
}

/** Recognises a text in plain characters. One that was made plain may have become a schedule. */
const recognisePlain = (text: string, reads: Reads, isChanged: boolean): Finding | undefined => {
  const line = oneLine(text)
  if (isChanged && line !== undefined && reads(line)) {
    return { what: "", rewritten: line, isCron: Whitespace.countOnOneLine(line) === 5 }
  }
  const lines = Whitespace.lines({ text, offset: 0 }).filter((line) => line.text !== "")
  if (lines.length > 1) {
    return Crontab.recogniseLines(reads, lines, (line) => recogniseLine(line.text, reads))
  }
  return recogniseLine(text, reads)
}

const recogniseLine = (text: string, reads: Reads): Finding | undefined => {
  const words = Whitespace.split({ text, offset: 0 }).map((word) => word.text)
  const pasted: Pasted = { text: words.join(" "), words, reads }
  const amazon = /^cron\s*\(([^()]*)\)$/i.exec(pasted.text)
  if (amazon !== null) return recogniseLine(amazon[1]!, reads) ?? inParentheses(amazon[1]!.trim(), reads)
  return (
    Period.recognise(pasted) ??
    Iso.recognise(pasted) ??
    FieldCount.recognise(pasted) ??
    Crontab.recognise(pasted) ??
    CronWord.recognise(pasted)
  )
}

const inParentheses = (line: string, reads: Reads): Finding => ({
  what: "cron(…) is syntax of Amazon EventBridge",
  rewritten: reads(line) ? line : undefined,
  remedy: "give the fields alone",
  isCron: true,
})

const oneLine = (text: string): string | undefined =>
  text.includes("\n")
    ? undefined
    : Whitespace.split({ text, offset: 0 })
        .map((word) => word.text)
        .join(" ")

/** Returns the error of the language, unless the text has nothing of that language. */
const plainly = (text: string, error: ScheduleError): ScheduleError => {
  const isCron = Whitespace.countOnOneLine(text) === 5 || Whitespace.isLinesOf(text, 5)
  return isCron || Interval.isBegun(text) || isCalendar(text)
    ? error
    : new ScheduleError({ field: "expression", part: text, expected: examples, offset: 0 })
}

/** Whether any word looks like one of OnCalendar: a time, a date, a weekday, a shorthand, or a list of one. */
const isCalendar = (text: string): boolean =>
  /\d:|:\d|\*:|\.\.|~|[\d*]-[\d*]|(?:^|\s)(?:mon|tue|wed|thu|fri|sat|sun)|(?:^|\s)[a-z]+ly(?:\s|$)/i.test(
    text,
  )
