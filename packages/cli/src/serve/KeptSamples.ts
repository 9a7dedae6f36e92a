/** For how long samples are kept, as `overdue serve` is told: `raw=1d,minute=7d,hour=400d`. */
import * as Limits from "@overdue/core/Limits"
import { day, hour, second } from "@overdue/core/Time"
import type { Settings } from "@overdue/engine/Settings"
import { UsageError } from "../Failure.ts"
import * as Span from "../Span.ts"

/** Lengths of time in milliseconds. */
export type KeptSamples = Settings["samples"]

const name = "--keep-samples"

const usual = Object.entries(Limits.keptSamples).map(([form, span]) => `${form}=${Span.exact(span / second)}`)

/** The flag. */
export const flag = {
  kind: "text",
  value: "LIST",
  env: "OVERDUE_KEEP_SAMPLES",
  default: usual.join(","),
  help: "for how long samples of servers and probes are kept as they came, then as minutes, then as hours",
} as const

const longest = 3_650 * day

/** Returns what a text says; what it does not name is as by default. Fails with a `UsageError`. */
export const parse = (text: string | undefined): KeptSamples => {
  const kept = { ...Limits.keptSamples, ...(text === undefined ? {} : read(text)) }
  if (kept.raw < hour || kept.hour > longest)
    throw new UsageError(`${name} keeps samples for 1h at least and 3650d at most`)
  if (kept.raw > kept.minute || kept.minute > kept.hour)
    throw new UsageError(
      `${name} keeps minutes for at least as long as raw samples, and hours as long as minutes`,
    )
  return kept
}

const read = (text: string): Partial<KeptSamples> => {
  const seen = new Set<string>()
  return Object.fromEntries(
    text.split(",").map((part) => {
      const [, form, span] = /^\s*(raw|minute|hour)\s*=(.+)$/.exec(part) ?? []
      if (form === undefined || span === undefined)
        throw new UsageError(`${name} is a list such as ${flag.default}, not ${JSON.stringify(text)}`)
      if (seen.has(form)) throw new UsageError(`${name} names ${form} twice`)
      seen.add(form)
      return [form, Math.round((Span.parse(name, span.trim()) ?? 0) * second)]
    }),
  )
}
