/**
 * What a check can be told beyond Healthchecks. Shown only when it is not the default, so that clients of Healthchecks
 * see nothing new.
 */
import * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import { second, type Span } from "@overdue/core/Time"
import * as Schema from "effect/Schema"
import * as Field from "./Field.ts"
import { policyFlag } from "./FieldKinds.ts"
import * as QuietField from "./QuietField.ts"
import * as Schemas from "./Schemas.ts"
import * as Show from "./Show.ts"

type Spans = "maxRuntime" | "minRuntime" | "remindEvery"

/** A field that is left out while it shows what a new check has. */
const optional = <A>(otherwise: Field.Json, field: Field.Field<A>): Field.Field<A> => ({
  ...field,
  mayBeAbsent: true,
  show: (view) => {
    const shown = field.show?.(view)
    return shown === otherwise ? undefined : shown
  },
})

const span = (shortest: Span) => Schemas.wholeNumber(shortest / second, Limits.longestPeriod / second)

const spanOrNone = (shortest: Span) =>
  Schema.NullOr(span(shortest)).annotate({ message: "is neither a number nor null" })

const set =
  (key: Spans) =>
  (draft: Field.Draft, value: number | "never" | null): void => {
    const span = value === null ? undefined : value === "never" ? value : value * second
    draft.policy = { ...draft.policy, [key]: span }
  }

const count = Schemas.wholeNumber(1, Limits.outcomes)

const alert = Schema.Struct({
  failures: Schema.optionalKey(count.annotate({ description: "Go down when at least so many …" })),
  out_of: Schema.optionalKey(count.annotate({ description: "… of so many last outcomes failed." })),
  recoveries: Schema.optionalKey(
    count.annotate({ description: "Come up after so many successes in a row." }),
  ),
})
  .annotate({
    message: "is not an object",
    description: "How many failures and recoveries it takes; 1 each.",
  })
  .check(
    Schemas.rule(
      ({ failures = 1, out_of = failures }) => failures <= out_of,
      "has more failures than out_of",
    ),
  )

export const fields = {
  max_runtime: Field.make({
    schema: Schema.Union([span(second), Schema.Literal("never"), Schema.Null]).annotate({
      message: "is neither a number of seconds, nor never, nor null",
      description: "Seconds that a run may take, or never to let it run for ever; null for as long as grace.",
    }),
    mayBeAbsent: true,
    show: ({ check: { policy } }) =>
      policy.maxRuntime === "never" ? policy.maxRuntime : Show.seconds(policy.maxRuntime),
    set: set("maxRuntime"),
  }),
  min_runtime: Field.make({
    schema: spanOrNone(second).annotate({
      description: "A success that comes sooner than this many seconds after its start is a failure.",
    }),
    mayBeAbsent: true,
    show: ({ check: { policy } }) => Show.seconds(policy.minRuntime),
    set: set("minRuntime"),
  }),
  start_satisfies: optional(
    false,
    policyFlag("startSatisfies", "An open start postpones the deadline to the slot after the start."),
  ),
  runs: optional("latest", {
    schema: Schemas.oneOf(["latest", "every"]).annotate({
      description: "Whether only the newest start is timed, or every open run id on its own.",
      default: "latest",
    }),
    show: ({ check: { policy } }) => policy.runs,
    set: (draft, runs) => {
      draft.policy = { ...draft.policy, runs }
    },
  }),
  alert: Field.make({
    schema: alert,
    mayBeAbsent: true,
    show: ({ check: { policy } }) => {
      const { failures, outOf, recoveries } = policy.alert
      return failures === 1 && outOf === 1 && recoveries === 1
        ? undefined
        : { failures, out_of: outOf, recoveries }
    },
    set: (draft, { failures = 1, out_of = failures, recoveries = 1 }) => {
      draft.policy = { ...draft.policy, alert: { failures, outOf: out_of, recoveries } }
    },
  }),
  quiet: QuietField.field,
  remind_every: Field.make({
    schema: spanOrNone(Limits.shortestReminder).annotate({
      description: "While down, the channels are told again after each so many seconds.",
    }),
    mayBeAbsent: true,
    show: ({ check: { policy } }) => Show.seconds(policy.remindEvery),
    set: set("remindEvery"),
  }),
  notify_on_first_ping: optional(
    Check.defaultPolicy.notifyOnFirstPing,
    policyFlag("notifyOnFirstPing", "Tell the channels when the first ping takes the check from new to up."),
  ),
} as const
