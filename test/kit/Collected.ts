/** What a collector of OpenTelemetry was sent as JSON, in a form that tests can look at. */
import type { Received } from "./Receiver.ts"

interface Value {
  readonly stringValue?: string
  readonly intValue?: string | number
  readonly doubleValue?: number
  readonly boolValue?: boolean
}

interface Pair {
  readonly key: string
  readonly value: Value
}

/** A span that was exported. */
export interface Span {
  readonly name: string
  readonly kind: number
  readonly attributes: Readonly<Record<string, unknown>>
  /** 1: it succeeded, 2: it failed. */
  readonly status: number
}

/** All that was exported. */
export interface Collected {
  readonly resource: Readonly<Record<string, unknown>>
  readonly spans: readonly Span[]
  readonly metrics: readonly string[]
  readonly lines: readonly string[]
}

const plain = ({ stringValue, intValue, doubleValue, boolValue }: Value): unknown =>
  stringValue ?? (intValue === undefined ? (doubleValue ?? boolValue) : Number(intValue))

const recordOf = (pairs: readonly Pair[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, plain(value)]))

/** Returns what is in requests, in the order in which they came. */
export const of = (received: readonly Received[]): Collected => {
  let resource: Readonly<Record<string, unknown>> = {}
  const spans: Span[] = []
  const metrics: string[] = []
  const lines: string[] = []
  for (const { body } of received) {
    const { resourceSpans = [], resourceMetrics = [], resourceLogs = [] } = JSON.parse(body)
    for (const part of [...resourceSpans, ...resourceMetrics, ...resourceLogs]) {
      resource = recordOf(part.resource.attributes)
      for (const { spans: found = [] } of part.scopeSpans ?? [])
        for (const { name, kind, attributes, status } of found)
          spans.push({ name, kind, attributes: recordOf(attributes), status: status.code })
      for (const { metrics: found = [] } of part.scopeMetrics ?? [])
        for (const { name } of found) metrics.push(name)
      for (const { logRecords: found = [] } of part.scopeLogs ?? [])
        for (const { body: said } of found) lines.push(String(plain(said)))
    }
  }
  return { resource, spans, metrics, lines }
}
