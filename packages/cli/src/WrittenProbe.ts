/**
 * Probes as people write them in flags and files: a URL, the text of a threshold, or an object with a URL, whose lengths of
 * time are as everywhere.
 */
import type { Json } from "@overdue/core/document/Field"
import * as ProbeField from "@overdue/core/document/ProbeField"
import * as Probe from "@overdue/core/Probe"
import * as Threshold from "@overdue/core/probe/Threshold"
import { second } from "@overdue/core/Time"
import * as Result from "effect/Result"
import * as JsonFault from "./JsonFault.ts"
import * as Span from "./Span.ts"

/** A value as documents have it, or a text that says what it should have been. */
export type Outcome = { readonly value: Json } | string

const spans = ["every", "grace", "recovery"]

/** Returns the probe as the server shows it, so that both can be compared; `span` reads a length of time. */
export const read = (value: unknown, span: (value: unknown) => Outcome): Outcome => {
  if (value === null) return { value }
  if (typeof value === "string" && JsonFault.isMeant(value)) return JsonFault.sentence(value)
  if (typeof value === "string") {
    const probe = Threshold.ofText(value)
    return Result.isFailure(probe)
      ? `is ${probe.failure}, not ${JSON.stringify(value)}`
      : { value: ProbeField.show(probe.success) }
  }
  if (typeof value !== "object" || Array.isArray(value) || !("url" in value))
    return "is a URL such as https://example.org, or an object with a url"
  const members: Record<string, Json> = { every: Probe.defaults.every / second }
  for (const [name, part] of Object.entries(value)) {
    const outcome = spans.includes(name) ? span(part) : { value: part as Json } // safe because it comes from JSON or YAML
    if (typeof outcome === "string") return `has ${name} that ${outcome}, not ${JSON.stringify(part)}`
    members[name] = name === "conditions" ? keyless(outcome.value) : outcome.value
  }
  return { value: ProbeField.told(members) }
}

/** The key of a condition that has none is left out by the server. */
const keyless = (conditions: Json): Json =>
  Array.isArray(conditions)
    ? conditions.map((condition: Json) =>
        typeof condition === "object" && condition !== null && "key" in condition && condition.key === ""
          ? Object.fromEntries(Object.entries(condition).filter(([name]) => name !== "key"))
          : condition,
      )
    : conditions

/** Returns what people read, and could write, for a probe that the server shows. */
export const write = (value: Json): Json => {
  // safe because the server answers with an object, if with anything
  const probe = value as { readonly [name: string]: Json } | null
  if (probe === null || typeof probe !== "object") return value
  const threshold = thresholdOf(probe)
  if (threshold !== undefined) return threshold
  return Object.fromEntries(
    Object.entries(probe).map(([name, part]) => [
      name,
      spans.includes(name) && typeof part === "number" ? Span.exact(part) : part,
    ]),
  )
}

/** Returns the text of a threshold; `undefined` when there is none for it. */
const thresholdOf = (probe: { readonly [name: string]: Json }): string | undefined =>
  typeof probe["url"] === "string" && Threshold.is({ url: probe["url"] })
    ? Threshold.print(ProbeField.read(probe as unknown as ProbeField.Document)) // safe because the server answers so
    : undefined
