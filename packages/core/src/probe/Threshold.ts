/**
 * Thresholds: probes that nobody asks. What a server reports is their answer, `metric://SERVER-ID/cpu-total-usage`, and
 * people write them as `cpu > 90 for 5m on SERVER-ID`.
 */
import * as Result from "effect/Result"
import * as Limits from "../Limits.ts"
import type { Policy } from "../policy/Terms.ts"
import * as Probe from "../Probe.ts"
import * as Sample from "../Sample.ts"
import { day, hour, minute, second, week, type Span } from "../Time.ts"
import * as Uuid from "../Uuid.ts"
import * as Conditions from "./Conditions.ts"
import * as ProbeUrl from "./ProbeUrl.ts"

/** Whether a probe is a threshold, so that nobody asks. */
export const is = ({ url }: Pick<Probe.Probe, "url">): boolean => /^metric:/i.test(url)

/** What a threshold is about. */
export interface Watched {
  /** Id of the check of the server. */
  readonly server: string
  readonly series: string
}

/** Returns what a threshold is about; `undefined` of other probes. */
export const watched = (probe: Probe.Probe): Watched | undefined => {
  if (!is(probe)) return undefined
  const url = ProbeUrl.parse(probe.url)
  return Result.isFailure(url) ? undefined : { server: url.success.host, series: url.success.name }
}

/** Returns the id of the server whose reports are the answers of a probe; `undefined` when it is no threshold. */
export const serverOf = ({ probe }: Pick<Policy, "probe">): string | undefined =>
  probe && watched(probe)?.server

/** Returns what a sample says of a threshold. */
export const result = ({ conditions }: Probe.Probe, { series, value }: Sample.Sample): Probe.Result => {
  const isMet = Conditions.failure(conditions, { time: 0, value }) === undefined
  return {
    region: "",
    ok: isMet,
    ...(!isMet && { reason: `${series} is ${value}` }),
    value,
    timings: { whole: 0 },
  }
}

/** The series that have a name of one word. */
const names: Readonly<Record<string, string>> = {
  cpu: "cpu-total-usage",
  memory: "memory-usage",
  swap: "swap-usage",
  load1: "system-load-unified load1",
  load5: "system-load-unified load5",
  load15: "system-load-unified load15",
}

/** What must hold as long as the threshold is not passed. */
const opposites = {
  ">": "at-most",
  ">=": "less-than",
  "<": "at-least",
  "<=": "greater-than",
} as const satisfies Readonly<Record<string, Probe.Operator>>

const form = new RegExp(
  String.raw`^\s*(.+?)\s*([<>]=?)\s*(\d{1,15}(?:\.\d{1,6})?)(?:\s+for\s+([\da-z\s]+?))?\s+on\s+(${Uuid.source})\s*$`,
  "is",
)

const example = "cpu > 90 for 5m on 0f55a1c2-7d31-4c8e-9a55-3b1c2d4e5f60"

/** Whether a text that is no URL is meant to be a threshold. */
export const isMeant = (text: string): boolean =>
  !/^[a-z][a-z0-9+.-]*:/i.test(text) &&
  (/[<>]/.test(text) || /^\s*(?:cpu|memory|swap|load\d*|disk)\b/i.test(text))

/** Returns the probe of a text, a threshold or a URL, which is not looked at. Fails with what is expected of a threshold. */
export const ofText = (text: string): Result.Result<Probe.Probe, string> =>
  isMeant(text) ? parse(text) : Result.succeed(Probe.make({ url: text }))

/** Returns the threshold that a text describes. Fails with what is expected instead. */
export const parse = (text: string): Result.Result<Probe.Probe, string> => {
  const wrong = (what: string) => Result.fail(`${what}, as in ${example}`)
  const found = text.length > Limits.urlLength ? null : form.exec(text)
  if (found === null)
    return wrong("a metric, one of > >= < <=, a number, for how long if not at once, and the id of a server")
  const [, metric = "", sign = "", number = "", lasting, server = ""] = found
  const series = seriesOf(metric)
  if (series === undefined) return wrong(`one of ${Object.keys(names).join(", ")}, or disk with a path`)
  const grace = lasting === undefined ? 0 : spanOf(lasting)
  if (grace === undefined || grace > Limits.longestPeriod)
    return wrong("a length of time such as 90s, 5m or 1h 30m after for")
  const operator = opposites[sign as keyof typeof opposites] // safe because the form has no other signs
  return Result.succeed(
    Probe.make({
      url: `metric://${server.toLowerCase()}/${encodeURIComponent(series)}`,
      grace,
      conditions: [{ of: "value", key: "", operator, values: [String(Number(number))] }],
    }),
  )
}

/** Returns the text of a threshold; `undefined` of a probe that no text describes. */
export const print = (probe: Probe.Probe): string | undefined => {
  const about = watched(probe)
  const [condition] = probe.conditions
  if (about === undefined || condition === undefined) return undefined
  const sign = Object.entries(opposites).find(([, operator]) => operator === condition.operator)?.[0]
  const lasting = probe.grace === 0 ? "" : ` for ${spanText(probe.grace)}`
  const text = `${metricOf(about.series)} ${sign} ${condition.values[0]}${lasting} on ${about.server}`
  // Whatever the text does not say would be lost.
  const same = parse(text)
  return Result.isSuccess(same) && isSame(same.success, probe) ? text : undefined
}

/** Members may be in any order, as in documents. */
const isSame = (one: Probe.Probe, other: Probe.Probe): boolean => told(one) === told(other)

const told = (probe: Probe.Probe): string =>
  JSON.stringify({
    ...Probe.make(probe),
    url: watched(probe),
    conditions: probe.conditions.map(({ of, key, operator, values }) => [of, key, operator, values]),
  })

const seriesOf = (metric: string): string | undefined => {
  const [, path] = /^disk\s+(.*)$/is.exec(metric) ?? []
  const series = path === undefined ? ofName(metric.toLowerCase()) : `disk-usage-unified ${path} percent`
  return series !== undefined && Sample.isSeries(series) ? series : undefined
}

const ofName = (name: string): string | undefined => (Object.hasOwn(names, name) ? names[name] : undefined)

const metricOf = (series: string): string => {
  const [, path] = /^disk-usage-unified (.*) percent$/s.exec(series) ?? []
  if (path !== undefined) return `disk ${path}`
  return Object.entries(names).find(([, each]) => each === series)?.[0] ?? series
}

const units: readonly (readonly [unit: string, length: Span])[] = [
  ["w", week],
  ["d", day],
  ["h", hour],
  ["m", minute],
  ["s", second],
]

const spanOf = (text: string): Span | undefined => {
  if (!/^(?:\d{1,9}\s*[wdhms]\s*)+$/i.test(text)) return undefined
  let whole = 0
  for (const [, count, unit] of text.toLowerCase().matchAll(/(\d+)\s*([wdhms])/g))
    whole += Number(count) * units.find(([name]) => name === unit)![1]
  return whole
}

const spanText = (span: Span): string => {
  const parts: string[] = []
  let rest = span
  for (const [unit, length] of units) {
    if (unit === "w") continue
    const count = Math.floor(rest / length)
    rest -= count * length
    if (count > 0) parts.push(`${count}${unit}`)
  }
  return parts.join(" ")
}
