/** The canonical text of a cron line: reading it back gives the same pattern, in the same regime at clock changes. */
import * as Bits from "./Bits.ts"
import * as CronField from "./CronField.ts"
import type * as Pattern from "./Pattern.ts"
import * as Whitespace from "./Whitespace.ts"

/** Returns the canonical text of a line. `text` is the line as typed, whose leading `*` are kept. */
export const print = (text: string, pattern: Pattern.Pattern): string => {
  const words = Whitespace.split({ text, offset: 0 })
  const stars = words.slice(-5).map((word) => word.text.startsWith("*"))
  const seconds = Bits.listOfSixty(pattern.secondsLow, pattern.secondsHigh)
  const minutes = Bits.listOfSixty(pattern.minutesLow, pattern.minutesHigh)
  return [
    ...(words.length === 6 ? [CronField.printPlain(CronField.second, seconds)] : []),
    CronField.print(CronField.minute, minutes, stars[0]!),
    CronField.print(CronField.hour, Bits.list(pattern.hours), stars[1]!),
    CronField.print(CronField.dayOfMonth, Bits.list(pattern.days, 1), stars[2]!, lastDays(pattern)),
    CronField.printPlain(CronField.month, Bits.list(pattern.months)),
    CronField.print(CronField.dayOfWeek, Bits.list(pattern.weekdays), stars[4]!, weekdaysOfMonth(pattern)),
  ].join(" ")
}

const lastDays = ({ daysFromEnd, rare }: Pattern.Pattern): readonly string[] => [
  ...(daysFromEnd === 0 ? [] : ["L"]),
  ...(rare?.lastWorkday === true ? ["LW"] : []),
]

const weekdaysOfMonth = ({ rare }: Pattern.Pattern): readonly string[] => {
  const nth = (rare?.nthWeekdays ?? []).flatMap((days, index) =>
    Bits.list(days).map((day) => `${day}#${index + 1}`),
  )
  return [...nth, ...Bits.list(rare?.lastWeekdays ?? 0).map((day) => `${day}L`)]
}
