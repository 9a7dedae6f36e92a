/** A tracer that keeps the spans that have ended, as a host of the engine would export them. */
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"

/** A span that has ended. */
export interface Recorded {
  readonly name: string
  /** Name of the span around it. */
  readonly parent: string | undefined
  readonly kind: Tracer.SpanKind
  readonly attributes: Readonly<Record<string, unknown>>
  readonly exit: Exit.Exit<unknown, unknown>
  readonly span: Tracer.Span
}

/** Returns the layer of a tracer that adds each span that ends to a list. */
export const layer = (spans: Recorded[]): Layer.Layer<never> =>
  Layer.succeed(Tracer.Tracer, {
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      const end = span.end.bind(span)
      span.end = (endTime, exit) => {
        end(endTime, exit)
        const parent = Option.getOrUndefined(span.parent)
        spans.push({
          name: span.name,
          parent: parent?._tag === "Span" ? parent.name : undefined,
          kind: span.kind,
          attributes: Object.fromEntries(span.attributes),
          exit,
          span,
        })
      }
      return span
    },
  })
