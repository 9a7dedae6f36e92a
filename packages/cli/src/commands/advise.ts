/** `overdue advise`: the grace time, how early, and the maximum runtime that the stored pings of a check suggest. */
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import * as Place from "../local/Place.ts"
import * as Show from "../local/Show.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"

const flags = {
  quantile: {
    kind: "text",
    value: "SHARE",
    default: "1",
    help: "share of signals that must raise no alarm; 0.99 accepts one false alarm in a hundred",
  },
  tz: {
    kind: "text",
    value: "ZONE",
    help: "time zone of the guessed schedules; by default that of the check",
  },
  ...Place.projectFlags,
} as const satisfies Flags

export const command: Command = {
  name: "advise",
  usage: ["advise CHECK [--quantile SHARE]"],
  description:
    "Suggests a grace time, how early signals may be, and a maximum runtime. CHECK is an id, slug or name.",
  flags,
  details: [
    "The advice comes from the stored pings; it also says which schedule they seem to follow.",
    "`overdue replay CHECK --grace SPAN` shows which alerts that would have changed.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, Arguments.check)
    const quantile = share(given.quantile ?? flags.quantile.default)
    const { zone } = await import("./schedule/Expression.ts")
    const { advise } = await import("../local/Past.ts")
    const View = await import("../local/PastView.ts")
    const advised = await advise(Place.read(given, io), words, {
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
