/** overdue advise: which grace and maximum runtime would suit a check. */
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { oneCheck, place, projectFlags } from "../local/Flags.ts"
import * as Show from "../local/Show.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"

const flags = {
  quantile: {
    kind: "text",
    value: "SHARE",
    default: "1",
    help: "the share of signals that are to pass without an alarm: 0.99 tolerates one alarm in a hundred",
  },
  tz: { kind: "text", value: "ZONE", help: "where a guessed schedule is written; the check's unless given" },
  ...projectFlags,
} as const satisfies Flags

export const command: Command = {
  name: "advise",
  usage: ["advise CHECK [--quantile SHARE]"],
  description:
    "Says which grace and maximum runtime would have raised no false alarm. CHECK is an id, slug or name.",
  flags,
  details: [
    "Goes by the pings that are kept, and says what the schedule seems to be, too.",
    "`overdue replay CHECK --grace SPAN` shows what the advice would have changed.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = oneCheck(positionals)
    const quantile = share(given.quantile ?? flags.quantile.default)
    const { zone } = await import("./schedule/Expression.ts")
    const { advise } = await import("../local/Past.ts")
    const View = await import("../local/PastView.ts")
    const advised = await advise(place(given, io), words, {
      quantile,
      ...(given.tz !== undefined && { zone: zone(given.tz) }),
    })
    if (given.json) Show.json(io, (await import("../local/PastJson.ts")).advice(advised))
    else View.advice(io, advised)
    return 0
  },
}

const share = (text: string): number => {
  const value = /^\d?(\.\d+)?$/.test(text) && text !== "" ? Number(text) : Number.NaN
  if (value > 0 && value <= 1) return value
  throw new UsageError(
    `--quantile is a share such as 0.95, above 0 and at most 1, not ${JSON.stringify(text)}`,
  )
}
