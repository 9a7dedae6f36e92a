/** The metrics of servers: which types there are, what their values look like, and which series those are kept in. */
import * as Limits from "@overdue/core/Limits"
import * as Sample from "@overdue/core/Sample"
import type { Instant } from "@overdue/core/Time"
import * as Schema from "effect/Schema"
import * as ServerTypes from "../ServerTypes.ts"

/** What a value consists of. `keyed`: of each thing, such as a disk, a record of such numbers. */
type Form =
  | { readonly kind: "number" }
  | { readonly kind: "record" | "keyed"; readonly parts: readonly string[] }
  | { readonly kind: "processes" }

/** Every type. */
const forms = {
  "cpu-total-usage": { kind: "number" },
  "memory-usage": { kind: "number" },
  "swap-usage": { kind: "number" },
  "system-load-unified": { kind: "record", parts: ["load1", "load5", "load15"] },
  "disk-usage-unified": { kind: "keyed", parts: ["used", "total", "percent"] },
  "disk-io-unified": { kind: "keyed", parts: ["read", "write"] },
  "network-usage-unified": { kind: "keyed", parts: ["rx", "tx"] },
  "processes-unified": { kind: "processes" },
} as const satisfies Readonly<Record<string, Form>>

/** The name of a type. */
export type Type = keyof typeof forms

/** The names of all types. */
export const types = Object.keys(forms) as readonly Type[] // safe because those are its keys

/** A type in a request. */
export const typeField = Schema.Literals(types).annotate({ message: `must be one of ${types.join(", ")}` })

/** Returns types by the lists that they belong in, as a sentence goes on: `swap-usage (metric_types_basic)`. */
export const named = (some: ReadonlySet<Type>): string =>
  ServerTypes.listNames
    .flatMap((list) => {
      const own = ServerTypes.lists[list].filter((type) => some.has(type))
      return own.length === 0 ? [] : [`${own.join(", ")} (${list})`]
    })
    .join("; ")

/** Whether a text is the name of a type. */
export const isType = (text: unknown): text is Type => typeof text === "string" && Object.hasOwn(forms, text)

/** Processes that are kept. */
const mostProcesses = 20

const amount = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: Limits.sampleValue }))

const Process = Schema.Struct({
  pid: amount,
  name: Schema.String.check(Schema.isMaxLength(200)),
  cpu: amount,
  memory: amount,
})

/** A process as a server reports it. */
export type Process = typeof Process.Type

const isProcesses = Schema.is(Schema.Array(Process))

/** The value of a metric as answers have it. */
export const Value = Schema.Union([
  Schema.Number,
  Schema.Record(Schema.String, Schema.Union([Schema.Number, Schema.Record(Schema.String, Schema.Number)])),
  Schema.Array(Process),
]).annotate({ description: "A number, or for a unified type an object of such." })

/** The samples of a value, or the processes; `undefined` when it is no value of the type. */
export type Read =
  | { readonly samples: readonly Sample.Sample[] }
  | { readonly processes: readonly Process[] }
  | undefined

/** What a type expects, for who has sent something else. */
export const expected = (type: Type): string => {
  const form: Form = forms[type]
  switch (form.kind) {
    case "number":
      return "must be a number from 0"
    case "record":
      return `must be an object of numbers: ${form.parts.join(", ")}`
    case "keyed":
      return `must be an object of objects, each with the numbers ${form.parts.join(", ")}`
    case "processes":
      return "must be a list of objects with pid, name, cpu and memory, numbers from 0"
  }
}

/** Reads a value of a type that was measured at an instant. */
export const read = (type: Type, value: unknown, at: Instant): Read => {
  const form: Form = forms[type]
  switch (form.kind) {
    case "number":
      return ofNumbers([[type, value]], at)
    case "record":
      return isObject(value) ? ofNumbers(partsOf(type, value, form.parts), at) : undefined
    case "keyed": {
      if (!isObject(value)) return undefined
      const things = Object.entries(value).map(([thing, parts]) =>
        isObject(parts) ? partsOf(`${type} ${thing}`, parts, form.parts) : undefined,
      )
      return things.every((parts) => parts !== undefined) ? ofNumbers(things.flat(), at) : undefined
    }
    case "processes":
      return isProcesses(value)
        ? {
            processes: value
              .slice(0, mostProcesses)
              .map(({ pid, name, cpu, memory }) => ({ pid, name, cpu, memory })),
          }
        : undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

type Named = readonly (readonly [series: string, value: unknown])[]

const partsOf = (
  name: string,
  value: Readonly<Record<string, unknown>>,
  parts: readonly string[],
): Named | undefined => {
  const given = Object.entries(value)
  return given.length > 0 && given.every(([part]) => parts.includes(part))
    ? given.map(([part, number]) => [`${name} ${part}`, number])
    : undefined
}

const ofNumbers = (named: Named | undefined, at: Instant): Read => {
  const samples: Sample.Sample[] = []
  for (const [series, value] of named ?? []) {
    if (typeof value !== "number" || !(value >= 0)) return undefined
    const sample = { series, at, value }
    if (Sample.objection(sample) !== undefined) return undefined
    samples.push(sample)
  }
  return named === undefined ? undefined : { samples }
}

/** Returns the series of a type among those of a check. */
export const seriesOf = (type: Type, all: readonly string[]): readonly string[] =>
  all.filter((series) => series === type || series.startsWith(`${type} `))

/** A value made of numbers. */
type Made = number | { [part: string]: number | { [part: string]: number } }

/** Returns the value of a type of which some series have numbers; things and parts in the order of their names. */
export const join = (type: Type, numbers: ReadonlyMap<string, number>): Made => {
  const form: Form = forms[type]
  const made: Exclude<Made, number> = Object.create(null) as Exclude<Made, number> // safe because it has nothing yet
  for (const [series, number] of numbers) {
    if (form.kind === "number") return number
    const rest = series.slice(type.length + 1)
    if (form.kind === "record") {
      made[rest] = number
      continue
    }
    // Things may have spaces in their names, and parts have none.
    const cut = rest.lastIndexOf(" ")
    const thing = rest.slice(0, cut)
    const parts = (made[thing] ??= Object.create(null) as Record<string, number>) // safe because it has nothing yet
    if (typeof parts === "object") parts[rest.slice(cut + 1)] = number
  }
  return made
}
