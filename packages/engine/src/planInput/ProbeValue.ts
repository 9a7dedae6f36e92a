/** Probes in code. */
import * as Limits from "@overdue/core/Limits"
import * as Probe from "@overdue/core/Probe"
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import * as Threshold from "@overdue/core/probe/Threshold"
import type { Span } from "@overdue/core/Time"
import * as Result from "effect/Result"
import * as Values from "./Values.ts"

const names = ["url", ...(Object.keys(Probe.defaults) as readonly (keyof typeof Probe.defaults)[])] as const // safe because those are its keys

/** Returns a probe, given as a URL, as the text of a threshold, or as an object. Whether its values can be meant is for `Policy.refusal` to say. */
export const read = (value: unknown): Probe.Probe => {
  if (typeof value === "string")
    return Result.getOrElse(Threshold.ofText(value), (expected) => Values.refuse("probe", expected))
  const given = Values.members("probe", value, names)
  const { defaults } = Probe
  const span = (part: "every" | "grace" | "recovery"): Span =>
    Values.given(given[part], defaults[part], (written) =>
      Values.span(`probe.${part}`, written, { shortest: 0, longest: Limits.longestPeriod }),
    )
  const flag = (part: "followsRedirects" | "verifiesCertificate"): boolean =>
    Values.given(given[part], defaults[part], (written) => Values.flag(`probe.${part}`, written))
  const text = (part: "method" | "body", longest: number): string =>
    Values.given(given[part], defaults[part], (written) => Values.text(`probe.${part}`, written, longest))
  return {
    url: Values.text("probe.url", given.url, Limits.urlLength),
    every: span("every"),
    grace: span("grace"),
    recovery: span("recovery"),
    regions: Values.given(given.regions, defaults.regions, (list) =>
      Values.listOf("probe.regions", list, Values.text),
    ),
    method: text("method", Limits.nameLength),
    headers: Values.given(given.headers, defaults.headers, headersOf),
    body: text("body", Limits.probeBodyLength),
    followsRedirects: flag("followsRedirects"),
    verifiesCertificate: flag("verifiesCertificate"),
    conditions: Values.given(given.conditions, defaults.conditions, (list) =>
      Values.listOf("probe.conditions", list, conditionOf),
    ),
    remind: Values.given(given.remind, defaults.remind, remindersOf),
  }
}

const remindersOf = (value: unknown): Probe.Reminders => {
  const given = Values.members("probe.remind", value, ProbeRefusal.expiring)
  const days = ProbeRefusal.expiring.flatMap((what) => {
    const list = given[what]
    return list === undefined ? [] : [[what, Values.listOf(`probe.remind.${what}`, list, dayOf)] as const]
  })
  return Object.fromEntries(days)
}

const dayOf = (field: string, value: unknown): number =>
  typeof value === "number" ? value : Values.refuse(field, "a number of days")

const headersOf = (value: unknown): Probe.Probe["headers"] => {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value)
  if (!isRecord) return Values.refuse("probe.headers", "an object with texts")
  const names = Object.keys(value)
  if (names.length > Limits.headers) return Values.refuse("probe.headers", `at most ${Limits.headers} fields`)
  const given = Values.members("probe.headers", value, names)
  return Object.fromEntries(
    names.map((name) => [name, Values.text(`probe.headers.${name}`, given[name], Limits.headersLength)]),
  )
}

const conditionOf = (field: string, value: unknown): Probe.Condition => {
  const { of, key, operator, values } = Values.members(field, value, ["of", "key", "operator", "values"])
  return {
    of: Values.oneOf(`${field}.of`, of, ProbeRefusal.subjectNames),
    key: Values.given(key, "", (written) => Values.text(`${field}.key`, written, Limits.conditionLength)),
    operator: Values.oneOf(`${field}.operator`, operator, ProbeRefusal.operators),
    values: Values.listOf(`${field}.values`, values, (part, one) =>
      Values.text(part, one, Limits.conditionLength),
    ),
  }
}
