/** Counts and measures what the engine does, in the registry of Effect's metrics that its host has, or in the usual one. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import type * as Scope from "effect/Scope"
import { families, type Family } from "./Metrics.ts"

/** The values of a metric's labels, in the order in which it names them. */
export type Values = readonly string[]

type Series = Metric.Metric<number, unknown>

/** Writes metrics. What happens often is gathered by the caller: a line costs a tenth of a microsecond or two. */
export class Meter {
  readonly #context: Context.Context<never>
  readonly #plain = new Map<Family, Series>()
  readonly #labelled = new Map<string, Series>()

  /** Writes into the registry that a context has. */
  constructor(context: Context.Context<never>) {
    this.#context = context
  }

  /** Adds to a counter, sets a gauge, or takes a value into a histogram. */
  record(family: Family, value: number, values?: Values): void {
    this.#series(family, values).updateUnsafe(value, this.#context)
  }

  /** Removes a value, which nobody knows any more. */
  forget(family: Family): void {
    Metric.removeUnsafe(this.#series(family, undefined), this.#context)
  }

  /** Has a counter or a gauge read when somebody looks at it, until the scope is closed. */
  watch(family: Family, read: () => number, values?: Values): Effect.Effect<void, never, Scope.Scope> {
    return Effect.acquireRelease(
      Effect.sync(() => this.#register(family, read, values)),
      (registration) => Effect.sync(registration.remove),
    ).pipe(Effect.asVoid)
  }

  /** Has counters whose labels are known begin with 0, so that the first of a kind is seen as a change. */
  begin(): void {
    for (const family of families) {
      if (family.type !== "counter") continue
      const [only, ...others] = Object.values(family.labels ?? {})
      if (family.labels === undefined) this.record(family, 0)
      else if (others.length === 0) for (const value of only ?? []) this.record(family, 0, [value])
    }
  }

  #register(family: Family, read: () => number, values: Values | undefined): Metric.Registration {
    const hooks = { update: () => {}, modify: () => {} }
    const { name, help } = family
    const attributes = attributesOf(family, values)
    return family.type === "counter"
      ? Metric.registerUnsafe(
          Metric.counter(name, { description: help, attributes, incremental: true }),
          this.#context,
          { ...hooks, get: () => ({ count: read(), incremental: true }) },
        )
      : Metric.registerUnsafe(Metric.gauge(name, { description: help, attributes }), this.#context, {
          ...hooks,
          get: () => ({ value: read() }),
        })
  }

  #series(family: Family, values: Values | undefined): Series {
    if (values === undefined) return kept(this.#plain, family, () => make(family, values))
    return kept(this.#labelled, `${family.name} ${values.join(" ")}`, () => make(family, values))
  }
}

const kept = <A>(all: Map<A, Series>, key: A, make: () => Series): Series => {
  const before = all.get(key)
  if (before !== undefined) return before
  const series = make()
  all.set(key, series)
  return series
}

const make = (family: Family, values: Values | undefined): Series => {
  const { name, help, type, bounds = [] } = family
  const options = { description: help, attributes: attributesOf(family, values) }
  switch (type) {
    case "counter":
      return Metric.counter(name, { ...options, incremental: true })
    case "gauge":
      return Metric.gauge(name, options)
    case "histogram":
      return Metric.histogram(name, { ...options, boundaries: bounds })
  }
}

const attributesOf = ({ labels = {} }: Family, values: Values = []): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(labels).map((label, index) => [label, values[index] ?? ""]))

/** The meter in use, by default one for the registry that all effects share. */
const Current = Context.Reference<Meter>("@overdue/engine/Meter", {
  defaultValue: () => new Meter(Context.empty()),
})

/** The meter in use. */
export const current: Effect.Effect<Meter> = Effect.map(Current, (meter) => meter)

/** The layer of a meter that writes into the registry of whoever builds it. */
export const layer: Layer.Layer<never> = Layer.effect(
  Current,
  Effect.map(Effect.context(), (context) => {
    const meter = new Meter(context)
    meter.begin()
    return meter
  }),
)
