/**
 * What is exported of a server over OTLP, from the variables that OpenTelemetry has for that. What is wrong in them is
 * said and left out, as its specification wants: they are set for all programs of a machine, and none should not start
 * because of them. Their values may be secrets, and are not repeated.
 */
import type { Environment } from "../../Io.ts"
import * as Pairs from "./Pairs.ts"

/** What is exported. */
export const signals = ["traces", "metrics", "logs"] as const

/** One of them. */
export type Signal = (typeof signals)[number]

/** How telemetry is encoded. */
export type Protocol = "http/protobuf" | "http/json"

/** Where one signal goes. */
export interface Target {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly protocol: Protocol
  readonly isCompressed: boolean
  /** How long an export may take altogether, in milliseconds. */
  readonly timeout: number
  /** Time between two exports, in milliseconds. */
  readonly every: number
}

/** What is exported where, and as what. */
export interface Settings {
  readonly targets: Readonly<Partial<Record<Signal, Target>>>
  readonly service: string
  /** Attributes of the resource, without the name of the service. */
  readonly attributes: Readonly<Record<string, string>>
  /** The share of traces that is exported, 0 to 1. */
  readonly sampled: number
}

/** Settings, or none when nothing is to be exported; and what the operator should know, in sentences. */
export interface Read {
  readonly settings: Settings | undefined
  readonly notes: readonly string[]
}

const base = "OTEL_EXPORTER_OTLP"

/** By the specification; an export of metrics is a minute apart there, and here as often as most others have it. */
const everyOf: Readonly<Record<Signal, readonly [name: string, usual: number]>> = {
  traces: ["OTEL_BSP_SCHEDULE_DELAY", 5_000],
  metrics: ["OTEL_METRIC_EXPORT_INTERVAL", 60_000],
  logs: ["OTEL_BLRP_SCHEDULE_DELAY", 1_000],
}

/** Returns what an environment asks for. */
export const read = (environment: Environment): Read => {
  const notes: string[] = []
  const given: Given = {
    text: (name) => environment[name]?.trim() || undefined,
    note: (sentence) => void notes.push(`${sentence}; it is left out`),
  }
  if (given.text("OTEL_SDK_DISABLED")?.toLowerCase() === "true") return { settings: undefined, notes }
  const targets: Partial<Record<Signal, Target>> = {}
  for (const signal of signals) {
    const target = targetOf(signal, given)
    if (target !== undefined) targets[signal] = target
  }
  if (Object.keys(targets).length === 0) return { settings: undefined, notes: [...new Set(notes)] }
  const settings = { targets, ...resourceOf(given), sampled: sampledOf(given) }
  return { settings, notes: [...new Set(notes)] }
}

interface Given {
  readonly text: (name: string) => string | undefined
  readonly note: (sentence: string) => void
}

/** Returns the first of several variables that is set, with its name. */
const firstOf = ({ text }: Given, ...names: readonly string[]) => {
  for (const name of names) {
    const value = text(name)
    if (value !== undefined) return { name, value }
  }
  return undefined
}

/** Returns a variable of one signal, or else the one of all. */
const ofSignal = (given: Given, signal: Signal, what: string) =>
  firstOf(given, `${base}_${signal.toUpperCase()}_${what}`, `${base}_${what}`)

const targetOf = (signal: Signal, given: Given): Target | undefined => {
  const exporter = given.text(`OTEL_${signal.toUpperCase()}_EXPORTER`)?.toLowerCase()
  if (exporter !== undefined && exporter !== "otlp") return undefined
  const url = urlOf(signal, given)
  const protocol = url === undefined ? undefined : protocolOf(signal, given)
  if (url === undefined || protocol === undefined) return undefined
  const [name, usual] = everyOf[signal]
  return {
    url,
    protocol,
    headers: headersOf(signal, given),
    isCompressed: isCompressed(signal, given),
    timeout: milliseconds(given, ofSignal(given, signal, "TIMEOUT"), 10_000),
    every: milliseconds(given, firstOf(given, name), usual),
  }
}

/** The endpoint of a signal is taken as it is, and to that of all the path of the signal is added. */
const urlOf = (signal: Signal, given: Given): string | undefined => {
  const found = ofSignal(given, signal, "ENDPOINT")
  if (found === undefined) return undefined
  const url = URL.canParse(found.value) ? new URL(found.value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    given.note(`${found.name} is no URL such as http://127.0.0.1:4318`)
    return undefined
  }
  if (url.username + url.password !== "") {
    given.note(`${found.name} holds a name or a password, which belong into ${base}_HEADERS`)
    return undefined
  }
  if (found.name === `${base}_ENDPOINT`)
    url.pathname += `${url.pathname.endsWith("/") ? "" : "/"}v1/${signal}`
  return url.href
}

const protocolOf = (signal: Signal, given: Given): Protocol | undefined => {
  const found = ofSignal(given, signal, "PROTOCOL")
  const value = found?.value ?? "http/protobuf"
  if (value === "http/protobuf" || value === "http/json") return value
  given.note(
    `${found?.name} is neither http/protobuf nor http/json, which collectors mostly take at port 4318: overdue speaks no gRPC`,
  )
  return undefined
}

const headersOf = (signal: Signal, given: Given): Readonly<Record<string, string>> => {
  const found = ofSignal(given, signal, "HEADERS")
  if (found === undefined) return {}
  const pairs = Pairs.parse(found.value)
  // As Node does: what is no token, and what could begin another header.
  const isHeader = ([name, value]: readonly [string, string]) =>
    /^[!#$%&'*+.^`|~\w-]+$/.test(name) && /^[\t -~\u0080-\u00ff]*$/.test(value)
  if (pairs !== undefined && pairs.every(isHeader)) return Object.fromEntries(pairs)
  given.note(`${found.name} is no list such as name=value,name=value with what is special as %20`)
  return {}
}

const isCompressed = (signal: Signal, given: Given): boolean => {
  const found = ofSignal(given, signal, "COMPRESSION")
  if (found !== undefined && found.value !== "gzip" && found.value !== "none")
    given.note(`${found.name} is neither gzip nor none`)
  return found?.value === "gzip"
}

/** A day is longer than anybody waits, and a timer of Node cannot be set for longer than 24. */
const longest = 86_400_000

const milliseconds = (
  given: Given,
  found: { readonly name: string; readonly value: string } | undefined,
  usual: number,
): number => {
  if (found === undefined) return usual
  const value = /^\d{1,9}$/.test(found.value) ? Number(found.value) : 0
  if (value >= 1 && value <= longest) return value
  given.note(`${found.name} is no number of milliseconds from 1 to ${longest}`)
  return usual
}

const resourceOf = (given: Given): Pick<Settings, "service" | "attributes"> => {
  const name = "OTEL_RESOURCE_ATTRIBUTES"
  const text = given.text(name)
  const pairs = text === undefined ? [] : Pairs.parse(text)
  if (pairs === undefined)
    given.note(`${name} is no list such as name=value,name=value with what is special as %20`)
  const { "service.name": service, ...attributes } = Object.fromEntries(pairs ?? [])
  return { service: given.text("OTEL_SERVICE_NAME") ?? service ?? "overdue", attributes }
}

const sampledOf = (given: Given): number => {
  const name = "OTEL_TRACES_SAMPLER"
  // No trace comes from elsewhere, so that a parent decides nothing.
  const sampler = (given.text(name) ?? "always_on").replace(/^parentbased_/, "")
  if (sampler === "always_on") return 1
  if (sampler === "always_off") return 0
  if (sampler !== "traceidratio") {
    given.note(`${name} is none of always_on, always_off and traceidratio, or of these with parentbased_`)
    return 1
  }
  const share = given.text(`${name}_ARG`) ?? "1"
  const value = /^\d*\.?\d+$/.test(share) ? Number(share) : Number.NaN
  if (value >= 0 && value <= 1) return value
  given.note(`${name}_ARG is no share from 0 to 1`)
  return 1
}
