/** For how long samples are kept, as `overdue serve` is told: `raw=24h,minute=7d,hour=400d`. */
import { day } from "@overdue/core/Time"
import { UsageError } from "../Failure.ts"
import * as Span from "../Span.ts"

/** Lengths of time in milliseconds. */
export interface KeptSamples {
  readonly raw: number
  readonly minute: number
  readonly hour: number
}

const name = "--keep-samples"

/** The flag. */
export const flag = {
  kind: "text",
  value: "LIST",
  env: "OVERDUE_KEEP_SAMPLES",
  default: "raw=24h,minute=7d,hour=400d",
  help: "for how long samples of servers and probes are kept as they came, then as minutes, then as hours",
} as const

const longest = 3_650 * day

/** Returns what a text says; what it does not name is as by default. Fails with a `UsageError`. */
export const parse = (text: string | undefined): KeptSamples => {
  const kept = { ...read(flag.default), ...(text === undefined ? {} : read(text)) } as KeptSamples // safe because the default has all three
  if (kept.raw < day / 24 || kept.hour > longest)
    throw new UsageError(`${name} keeps samples for 1h at least and 3650d at most`)
  if (kept.raw > kept.minute || kept.minute > kept.hour)
    throw new UsageError(
      `${name} keeps minutes for at least as long as raw samples, and hours as long as minutes`,
    )
  return kept
}

const read = (text: string): Partial<KeptSamples> =>
  Object.fromEntries(
    text.split(",").map((part) => {
      const [, form, span] = /^\s*(raw|minute|hour)\s*=(.+)$/.exec(part) ?? []
      if (form === undefined || span === undefined)
        throw new UsageError(`${name} is a list such as ${flag.default}, not ${JSON.stringify(text)}`)
      return [form, Math.round((Span.parse(name, span.trim()) ?? 0) * 1_000)]
    }),
  )
