/** How checks look that nobody pings: what the server asks by itself, or what another one reports, and what came of it last. */
import type { Check, Detailed, Probe, ProbeResult } from "@overdue/client/management"
import * as Probes from "@overdue/core/Probe"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Span from "./Span.ts"

/** A check with its details, from servers that know them. */
type Listed = Check & Detailed

/** Whether the server asks by itself, or judges what another one reports, so that nobody pings. */
export const isAsked = ({ probe }: Pick<Check, "probe">): boolean => probe !== undefined && probe !== null

/** Returns how often a check is asked, `asked every 1m`, or its threshold: `cpu > 90 for 5m`; `undefined` of all others. */
export const expected = (check: Check): string | undefined => {
  const probe = probeOf(check)
  if (probe === undefined) return undefined
  return thresholdOf(probe)?.replace(/ on \S+$/, "") ?? `asked every ${Span.exact(check.timeout ?? 0)}`
}

/** Returns what is asked and how often, as a line with its title; `undefined` of checks that are not asked. */
export const target = (check: Check): readonly [title: string, text: string] | undefined => {
  const probe = probeOf(check)
  if (probe === undefined) return undefined
  const threshold = thresholdOf(probe)
  return threshold === undefined
    ? ["asked", `${probe.url} every ${Span.exact(check.timeout ?? 0)}`]
    : ["watched", threshold]
}

/** Returns when the last round was; of a server that says none, when the last signal came. */
export const lastAt = ({ last_round, last_ping }: Listed): string | null => last_round?.at ?? last_ping

/** Returns what came of the last round, region by region: `200 in 34ms`, `eu: timeout after 30s`; `undefined` when unknown. */
export const outcome = ({ last_round }: Detailed): string | undefined =>
  last_round?.results.map((one) => `${one.region ? `${one.region}: ` : ""}${said(one)}`).join("; ")

/** Returns what is to be said of a probe beyond its target, how often it is asked, its grace and its recovery. */
export const rest = (check: Check): Partial<Probe> | undefined => {
  const probe = probeOf(check)
  if (probe === undefined || thresholdOf(probe) !== undefined) return undefined
  const { url: _url, every: _every, grace: _grace, recovery: _recovery, ...others } = probe
  return Object.keys(others).length === 0 ? undefined : others
}

/** Returns for how long rounds must succeed before a check comes up again, in seconds. */
export const recovery = (check: Check): number => probeOf(check)?.recovery ?? 0

/** Returns what is said of a check that has had no round: who asks, and may not be running. */
export const noRounds = (check: Check): string => {
  const { url = "", regions = [] } = probeOf(check) ?? {}
  if (Threshold.is({ url }))
    return "no rounds yet: the server monitor has reported nothing of what is watched"
  return regions.length === 0
    ? "no rounds yet: the server asks, unless it was started with --probes 0"
    : `no rounds yet: probers ask, ${regions.map((region) => `\`overdue probe --region ${region}\``).join(", ")}`
}

/** Returns how long a round took, the longest of all regions; `undefined` of what a server has reported. */
export const took = (results: readonly ProbeResult[]): string | undefined =>
  results.some(isReported)
    ? undefined
    : milliseconds(Math.max(0, ...results.map(({ response_time }) => response_time ?? 0)))

/** Returns where results come from: `probe eu us`, or `server`. */
export const from = (results: readonly ProbeResult[]): string =>
  results.some(isReported) ? "server" : ["probe", ...results.flatMap(({ region }) => region ?? [])].join(" ")

/**
 * Returns why a check cannot have a threshold: its server is no check of the project. `undefined` when it may, as one whose
 * server was deleted since.
 */
export const unwatched = (
  probe: unknown,
  existing: Check | undefined,
  checks: readonly Check[],
): string | undefined => {
  const server = serverOf(probe)
  if (server === undefined || server === serverOf(existing?.probe)) return undefined
  return checks.some(({ uuid }) => uuid === server)
    ? undefined
    : `probe: it watches the server monitor ${server}, which this project does not have: create one by the API of Pinghome, which gives it an id, and write that`
}

const serverOf = (probe: unknown): string | undefined =>
  typeof probe === "object" && probe !== null && "url" in probe && typeof probe.url === "string"
    ? Threshold.watched(Probes.make({ url: probe.url }))?.server
    : undefined

const isReported = ({ value }: ProbeResult): boolean => value !== undefined

const said = (result: ProbeResult): string => {
  const { ok, reason, status_code, response_time, value } = result
  if (value !== undefined) return ok ? String(value) : (reason ?? String(value))
  if (!ok) return `${reason ?? "failed"} after ${milliseconds(response_time)}`
  return `${status_code ?? "answered"} in ${milliseconds(response_time)}`
}

const milliseconds = (span: number | null): string => `${Math.round(span ?? 0)}ms`

/** Answers have an object. */
const probeOf = ({ probe }: Pick<Check, "probe">): Probe | undefined =>
  typeof probe === "string" ? { url: probe } : (probe ?? undefined)

/** Returns the text of a threshold; of one that no text describes, its series. */
const thresholdOf = ({
  url,
  grace = 0,
  recovery = 0,
  conditions = [],
  ...others
}: Probe): string | undefined => {
  if (!Threshold.is({ url })) return undefined
  const { every = 0 } = others
  const probe = Probes.make({
    url,
    every: every * 1000,
    grace: grace * 1000,
    recovery: recovery * 1000,
    conditions: conditions.map(({ key = "", ...condition }) => ({ ...condition, key })),
  })
  const watched = Threshold.watched(probe)
  return Threshold.print(probe) ?? (watched && `${watched.series} on ${watched.server}`)
}
