/** Conditions of uptime monitors, in the words of Pinghome. */
import type * as Probe from "@overdue/core/Probe"
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import * as Schema from "effect/Schema"

/** What conditions are about, by the names that are shown; the second is what other pages call it. */
const types = {
  "response-json-check": "json",
  "response-body-check": "body",
  "response-status-check": "status",
  "response-time-check": "time",
  "response-header-check": "header",
  "ssl-expiry-check": "certificate",
  "domain-expiry-check": "domain",
  "metric-value-check": "value",
  "json-check": "json",
  "keyword-check": "body",
} as const satisfies Readonly<Record<string, Probe.Subject>>

type Name = keyof typeof types

const names = Object.keys(types) as readonly Name[] // safe because those are its keys

const value = Schema.Union([Schema.String, Schema.Number]).annotate({ message: "must be a text or a number" })

/** A condition as requests have it. */
export const Input = Schema.Struct({
  type: Schema.Literals(names).annotate({ message: `must be one of ${names.join(", ")}` }),
  operator: Schema.Literals(ProbeRefusal.operators).annotate({
    message: `must be one of ${ProbeRefusal.operators.join(", ")}`,
  }),
  key: Schema.optionalKey(
    Schema.NullOr(Schema.String).annotate({
      description: "Which value of JSON, groups.user[0].name, or which header field.",
      message: "must be a text",
    }),
  ),
  values: Schema.Union([Schema.Array(value), value]).annotate({
    description: "One of them must match, or with not- none.",
    message: "must be a list of texts",
  }),
}).annotate({ message: "must be an object with type, operator and values" })

/** A condition as answers have it. */
export const Output = Schema.Struct({
  type: Schema.Literals(names),
  operator: Schema.Literals(ProbeRefusal.operators),
  key: Schema.String,
  values: Schema.Array(Schema.String),
})

/** Returns the condition of a probe. */
export const read = ({ type, operator, key, values }: typeof Input.Type): Probe.Condition => {
  const of = types[type]
  return {
    of,
    // Forms of web pages send a key with each.
    key: ProbeRefusal.hasKey(of) ? (key ?? "") : "",
    operator,
    values: (Array.isArray(values) ? values : [values]).map(String),
  }
}

/** Returns the condition of a probe as answers have it. */
export const show = ({ of, operator, key, values }: Probe.Condition): typeof Output.Type => ({
  type: names.find((name) => types[name] === of)!,
  operator,
  key,
  values,
})
