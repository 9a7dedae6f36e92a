/**
 * Spans of the engine, for the tracer of whoever runs it. Without one they cost nothing, and none is made.
 *
 * The id of a check is the secret of its ping URL, so no name and no attribute has one, nor anything that somebody sent,
 * and of an error a span has only what kind of error it was.
 */
import { StoreError } from "@overdue/core/Store"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

/** What is said of a span: numbers, and words from few. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** A span around an effect. */
export interface Named<A> {
  readonly name: string
  readonly kind?: Tracer.SpanKind
  readonly attributes?: Attributes
  /** What is known only when the effect has succeeded. */
  readonly ended?: (value: A) => Attributes
}

/** The tracer of Effect itself, whose spans nobody gets to see. */
const none = Context.get(Context.empty(), Tracer.Tracer)

const isOn: Effect.Effect<boolean> = Effect.map(Tracer.Tracer, (tracer) => tracer !== none)

/** Returns the same effect within a span, if there is a tracer. */
export const within = <A, E, R>(self: Effect.Effect<A, E, R>, named: Named<A>): Effect.Effect<A, E, R> =>
  Effect.flatMap(isOn, (is) => (is ? spanned(self, named) : self))

const spanned = Effect.fnUntraced(function* <A, E, R>(
  self: Effect.Effect<A, E, R>,
  { name, kind, attributes, ended }: Named<A>,
) {
  const clock = yield* Clock.Clock
  const span = yield* Effect.makeSpan(name, { kind, attributes })
  const inside = Effect.withParentSpan(self, span, { captureStackTrace: false })
  return yield* Effect.onExit(inside, (exit) =>
    Effect.sync(() => {
      if (Exit.isSuccess(exit) && ended !== undefined) annotate(span, ended(exit.value))
      span.end(clock.currentTimeNanosUnsafe(), discreetly(exit))
    }),
  )
})

/** Makes a span of what is over, if there is a tracer: of what is only then known to be worth one. */
export const past = Effect.fnUntraced(function* (name: string, startedAt: bigint, attributes: Attributes) {
  const tracer = yield* Tracer.Tracer
  if (tracer === none || !(yield* References.TracerEnabled)) return
  const span = tracer.span({
    name,
    parent: Option.none(),
    annotations: Context.empty(),
    links: [],
    startTime: startedAt,
    kind: "internal",
    root: true,
    sampled: true,
  })
  annotate(span, attributes)
  span.end(yield* Clock.currentTimeNanos, Exit.void)
})

/** Says more of the span that an effect is in, if there is one. */
export const note = (attributes: Attributes): Effect.Effect<void> =>
  Effect.flatMap(isOn, (is) => (is ? Effect.annotateCurrentSpan(attributes) : Effect.void))

const annotate = (span: Tracer.Span, attributes: Attributes): void => {
  for (const [name, value] of Object.entries(attributes)) span.attribute(name, value)
}

/** Why the work of a span failed, without anything that may be a secret: no words of the error, and no stack. */
class SpanFailure extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
    this.stack = `${name}: ${message}`
  }
}

/** Returns how something ended, with no more of an error than what kind it was. */
export const discreetly = (exit: Exit.Exit<unknown, unknown>): Exit.Exit<unknown, unknown> => {
  if (Exit.isSuccess(exit)) return Exit.void
  if (Cause.hasInterruptsOnly(exit.cause)) return exit
  const error = Cause.squash(exit.cause)
  if (error instanceof StoreError) return Exit.fail(new SpanFailure("StoreError", error.reason))
  return Cause.hasDies(exit.cause)
    ? Exit.die(new SpanFailure("Defect", "an error that should not be; the log has it"))
    : Exit.fail(new SpanFailure(nameOf(error), "refused"))
}

const nameOf = (error: unknown): string => {
  const tag = typeof error === "object" && error !== null && "_tag" in error ? error._tag : undefined
  return typeof tag === "string" && /^[A-Za-z]{1,40}$/.test(tag) ? tag : "Error"
}
