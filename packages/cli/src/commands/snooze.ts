/** `overdue snooze`: keeps the alerts of checks back for a while, and tells what is still down then. */
import * as LocalTime from "@overdue/core/LocalTime"
import * as Result from "effect/Result"
import type { Silence } from "@overdue/client/management"
import type { Command } from "../Command.ts"
import { counted } from "@overdue/core/Counted"
import { UsageError } from "../Failure.ts"
import { parse } from "../Flags.ts"
import * as Json from "../Json.ts"
import type { Flags } from "../Flags.ts"
import * as Select from "../Select.ts"
import * as Server from "../Server.ts"
import * as Silent from "../Silent.ts"
import * as Span from "../Span.ts"
import { plain } from "../Style.ts"
import * as NamedZone from "../NamedZone.ts"

const flags = {
  ...Silent.flags,
  tz: { kind: "text", value: "ZONE", default: "UTC", help: "time zone of TIME when it has no offset" },
} as const satisfies Flags

export const command: Command = {
  name: "snooze",
  usage: ["snooze CHECK … SPAN|TIME", "snooze --tag TAG SPAN|TIME", "snooze --all SPAN|TIME"],
  description: "Keeps alerts back for a length of time, or until a time. CHECK is an id, a slug, or a name.",
  flags,
  details: [
    "Signals go on being expected and recorded. What is still down when the silence ends is told then; that",
    "an outage is over which was told before, is told at once.",
    "",
    "Examples",
    "  overdue snooze backup 2h",
    "  overdue snooze --tag db '2026-12-24 08:00' --tz Europe/Riga",
    "  overdue unsnooze backup",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const length = positionals.at(-1)
    if (length === undefined) throw new UsageError("say how long, or until when: overdue snooze backup 2h")
    const words = positionals.slice(0, -1)
    refuseSplit(words.at(-1), length)
    const silence = read(length, given.tz ?? "UTC")
    const which = Silent.which(given, words)
    const done = await Server.use(
      io,
      given,
      (api) =>
        Silent.perform(api, which, {
          one: (api, id) => api.checks.silence(id, silence),
          many: (api, filter) => api.checks.silenceAll(silence, filter),
        }),
      { lacks: Silent.lacks },
    )
    if (given.json) Json.print(io, done)
    else if ("silenced_until" in done)
      io.stdout.write(
        `snoozed ${counted(done.checks, "check")} until ${plain(done.silenced_until ?? "now")}\n`,
      )
    else {
      for (const check of done)
        io.stdout.write(`snoozed ${Select.title(check)} until ${plain(check.silenced_until ?? "now")}\n`)
    }
    return 0
  },
}

/** What was meant as one argument came as two: the first of them would be taken for a check. */
const refuseSplit = (before: string | undefined, last: string): void => {
  if (before === undefined) return
  const isLength = /^\d+[smhdw]$/.test(before) && /^\d+[smhdw]$/.test(last)
  const isTime = /^\d{4}-\d\d-\d\d$/.test(before) && /^\d\d?:\d\d/.test(last)
  if (isLength) throw new UsageError(`put a length of several words in quotes: "${before} ${last}"`)
  if (isTime) throw new UsageError(`put the time in quotes: "${before} ${last}"`)
}

const toEnd = "to end a silence, use overdue unsnooze"

const read = (text: string, tz: string): Silence => {
  if (/^(\d+[smhdw]?\s*)+$/.test(text)) {
    const seconds = Span.parse("the length", text)!
    if (seconds <= 0) throw new UsageError(`${text} is no time at all; ${toEnd}`)
    return { for: seconds }
  }
  const until = LocalTime.read(text, NamedZone.read(tz))
  if (Result.isFailure(until)) {
    throw new UsageError(
      `the last argument is a length of time such as 2h, or a time such as 2026-12-24T08:00; ${until.failure.message}`,
    )
  }
  if (until.success <= Date.now()) throw new UsageError(`${text} is past; ${toEnd}`)
  return { until: new Date(until.success).toISOString() }
}
