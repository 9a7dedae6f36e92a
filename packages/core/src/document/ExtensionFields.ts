/** Fields of a check that Healthchecks does not have. */
import * as Schema from "effect/Schema"
import * as Check from "../Check.ts"
import type { Policy } from "../Check.ts"
import * as Limits from "../Limits.ts"
import type { Span } from "../Time.ts"
import * as Field from "./Field.ts"
import { detail, policyFlag } from "./FieldKinds.ts"
import * as Format from "./Format.ts"
import * as ProbeField from "./ProbeField.ts"
import * as QuietField from "./QuietField.ts"
import * as Schemas from "./Schemas.ts"

type Spans = "maxRuntime" | "minRuntime" | "remindEvery"

const span = (shortest: Span) => Schemas.spanBetween(shortest, Limits.longestPeriod)

const spanOrNone = (shortest: Span) =>
  Schema.NullOr(span(shortest)).annotate({ message: "is neither a number nor null" })

const set =
  (key: Spans) =>
  (change: Field.Change, value: number | "never" | null): void => {
    const span = value === null ? undefined : value === "never" ? value : Schemas.toSpan(value)
    change.policy = { ...change.policy, [key]: span }
  }

const count = Schemas.wholeNumber(1, Limits.outcomes)

const alert = Schema.Struct({
  failures: Schema.optionalKey(count.annotate({ description: "Go down when at least so many …" })),
  out_of: Schema.optionalKey(count.annotate({ description: "… of so many last outcomes failed." })),
  recoveries: Schema.optionalKey(
    count.annotate({ description: "Come up after so many successes in a row." }),
  ),
})
  .annotate({ message: "is not an object" })
  .check(
    Schemas.rule(
      ({ failures = 1, out_of = failures }) => failures <= out_of,
      "has more failures than out_of",
    ),
  )

const beyond = { isBeyond: true, mayBeAbsent: true } as const

/** The fields, by their names in documents. */
export const fields = {
  after: Field.make({
    ...detail("after"),
    ...beyond,
    sentence:
      "Slugs and tags of checks without which this one cannot work: while one of them is down, its alerts are held.",
    schema: Schemas.textUpTo(Limits.afterLength),
    form: { is: "words", by: " " },
    example: "database network",
  }),
  early: Field.make({
    ...beyond,
    sentence: "How long before its slot a signal may come, and still be taken for that slot.",
    schema: Schemas.spanBetween(0, Limits.longestEarly),
    form: { is: "span" },
    code: "early",
    example: 120,
    show: ({ check: { policy } }) => Format.exactSeconds(policy.early),
    set: (change, early) => {
      change.policy = { ...change.policy, early: Schemas.toSpan(early) }
    },
  }),
  max_runtime: Field.make({
    ...beyond,
    sentence: "How long a run may take; never lets it run for ever, and null allows as long as grace.",
    schema: Schema.Union([span(1), Schema.Literal("never"), Schema.Null]).annotate({
      message: "is neither a number of seconds, nor never, nor null",
    }),
    form: { is: "span", or: [null, "never"] },
    code: "maxRuntime",
    example: 7200,
    show: ({ check: { policy } }) =>
      policy.maxRuntime === "never" ? policy.maxRuntime : (Format.exactSeconds(policy.maxRuntime) ?? null),
    set: set("maxRuntime"),
  }),
  min_runtime: Field.make({
    ...beyond,
    sentence: "How long a run takes at least: a success that comes sooner is a failure.",
    schema: spanOrNone(1),
    form: { is: "span", or: [null] },
    code: "minRuntime",
    example: 5,
    show: ({ check: { policy } }) => Format.exactSeconds(policy.minRuntime) ?? null,
    set: set("minRuntime"),
  }),
  start_satisfies: {
    ...policyFlag("startSatisfies", "An open start postpones the deadline to the slot after the start."),
    ...beyond,
  },
  armed: {
    ...policyFlag("armed", "A new or resumed check expects its first signal by its next slot."),
    ...beyond,
  },
  runs: Field.make<Policy["runs"]>({
    ...beyond,
    sentence: "Whether only the newest start is timed, or every open run id on its own.",
    schema: Schemas.choiceOf(["latest", "every"]),
    form: { is: "choice", of: ["latest", "every"] },
    code: "runs",
    example: "every",
    show: ({ check: { policy } }) => policy.runs,
    set: (change, runs) => {
      change.policy = { ...change.policy, runs }
    },
  }),
  alert: Field.make({
    ...beyond,
    sentence: "How many failures and recoveries it takes; 1 each.",
    schema: alert,
    form: { is: "counts", of: ["failures", "out_of", "recoveries"] },
    code: "alert",
    example: { failures: 2, out_of: 3, recoveries: 1 },
    show: ({ check: { policy } }) => {
      const { failures, outOf, recoveries } = policy.alert
      return { failures, out_of: outOf, recoveries }
    },
    set: (change, { failures = 1, out_of = failures, recoveries = 1 }) => {
      change.policy = { ...change.policy, alert: { failures, outOf: out_of, recoveries } }
    },
  }),
  quiet: QuietField.field,
  probe: ProbeField.field,
  remind_every: Field.make({
    ...beyond,
    sentence: "How often the channels are told again while the check is down.",
    schema: spanOrNone(Limits.shortestReminder),
    form: { is: "span", or: [null] },
    code: "remindEvery",
    example: 3600,
    show: ({ check: { policy } }) => Format.exactSeconds(policy.remindEvery) ?? null,
    set: set("remindEvery"),
  }),
  family: Field.make({
    ...beyond,
    sentence:
      "Where signals come from, unless a job sends them: from a probe with which the server asks, or from a server monitor that reports.",
    schema: Schemas.oneOf(["probe", "server"]),
    show: ({ check }) => {
      const family = Check.familyOf(check)
      return family === "job" ? undefined : family
    },
  }),
  silenced_until: Field.make({
    ...beyond,
    sentence: "When the silence ends that somebody has asked for; absent when there is none.",
    schema: Schemas.instant,
    show: ({ check: { state }, now }) =>
      state.silencedUntil !== undefined && state.silencedUntil > now
        ? Format.instant(state.silencedUntil)
        : undefined,
  }),
  notify_on_first_ping: {
    ...policyFlag(
      "notifyOnFirstPing",
      "Tell the channels when the first ping takes the check from new to up.",
    ),
    ...beyond,
  },
} as const
