/**
 * The fields of a check in the Healthchecks APIs, in the order in which answers show them: the one table that requests
 * are read by, answers are made from, and the OpenAPI document is generated from.
 */
import * as Limits from "@overdue/core/Limits"
import * as Shown from "@overdue/core/Shown"
import * as Slug from "@overdue/core/Slug"
import { second } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as ChannelChoice from "./ChannelChoice.ts"
import * as ExtensionFields from "./ExtensionFields.ts"
import * as Field from "./Field.ts"
import { apiUrl, detail, filter, keywords, legacySubject, policyFlag } from "./FieldKinds.ts"
import * as Schemas from "./Schemas.ts"
import * as Show from "./Show.ts"

const instant = Schema.NullOr(Schemas.instant)

export const fields = {
  name: Field.make({
    schema: Schemas.textUpTo(Limits.nameLength).annotate({ description: "Name of the check." }),
    show: ({ check }) => check.details.name,
    set: (draft, name) => {
      draft.details = { ...draft.details, name }
      if (draft.version < 3) {
        draft.details = { ...draft.details, slug: Slug.fromName(name).slice(0, Limits.slugLength) }
      }
    },
  }),
  slug: Field.make({
    ...detail("slug"),
    schema: Schemas.textUpTo(Limits.slugLength)
      .check(Schema.isPattern(/^[a-z0-9_-]*$/u, { message: "does not match pattern" }))
      .annotate({
        description:
          "Names the check in ping URLs. Need not be unique. API v1 and v2 derive it from the name.",
      }),
  }),
  tags: Field.make({
    ...detail("tags"),
    schema: Schemas.textUpTo(Limits.tagsLength).annotate({ description: "Tags, separated by spaces." }),
  }),
  desc: Field.make({
    ...detail("description"),
    schema: Schemas.text.annotate({ description: "What the check is about, for people." }),
  }),
  grace: Field.make({
    schema: Schemas.period.annotate({
      description: "Seconds that a signal may be late.",
      default: Limits.defaultGrace / second,
    }),
    show: ({ check }) => Show.seconds(check.policy.grace),
    set: (draft, grace) => {
      draft.policy = { ...draft.policy, grace: grace * second }
    },
  }),
  n_pings: Field.make({
    schema: Schema.Int.annotate({ description: "How many signals have arrived, of whatever kind." }),
    show: ({ check }) => check.state.pings,
  }),
  status: Field.make({
    schema: Schemas.oneOf(["new", "up", "grace", "down", "paused", "started"]).annotate({
      description: "What the check is at this moment. Only API v1 says started.",
    }),
    show: Show.status,
  }),
  started: Field.make({
    schema: Schemas.flag.annotate({ description: "Whether a run has started and not finished." }),
    show: ({ check }) => Shown.isStarted(check),
  }),
  last_ping: Field.make({
    schema: instant.annotate({ description: "When the last success or failure arrived." }),
    show: ({ check }) => Show.instantOrNull(check.state.lastPing),
  }),
  next_ping: Field.make({
    schema: instant.annotate({
      description: "When the next signal is expected; null when the check waits for none.",
    }),
    show: ({ check, blind }) => Show.instantOrNull(Shown.nextPingAt(check, blind)),
  }),
  manual_resume: Field.make(
    policyFlag("manualResume", "While paused, signals are logged and change nothing."),
  ),
  methods: Field.make({
    schema: Schemas.oneOf(["", "POST"]).annotate({
      description: "HTTP methods that count as a ping: all, or POST alone.",
      default: "",
    }),
    show: ({ check }) => (check.policy.methods.join() === "POST" ? "POST" : ""),
    set: (draft, methods) => {
      draft.policy = { ...draft.policy, methods: methods === "" ? [] : [methods] }
    },
  }),
  subject: Field.make(legacySubject("successKeywords", "success_kw")),
  subject_fail: Field.make(legacySubject("failureKeywords", "failure_kw")),
  start_kw: Field.make(keywords("startKeywords", "start of a run")),
  success_kw: Field.make(keywords("successKeywords", "success")),
  failure_kw: Field.make(keywords("failureKeywords", "failure")),
  filter_subject: Field.make(filter("subject", "Look for the keywords in the subject of e-mails.")),
  filter_body: Field.make(filter("body", "Look for the keywords in the text of e-mails.")),
  filter_http_body: Field.make(filter("httpBody", "Look for the keywords in the body of HTTP requests.")),
  filter_default_fail: Field.make(
    filter("defaultFail", "A message without any keyword is a failure; otherwise it is ignored."),
  ),
  badge_url: Field.make({
    schema: Schemas.url.annotate({ description: "An image that shows the status." }),
    show: ({ check, root }) => `${root}/b/2/${check.badgeKey}.svg`,
  }),
  last_duration: Field.make({
    schema: Schema.Int.annotate({
      description: "Seconds that the last finished run took; absent when unknown.",
    }),
    mayBeAbsent: true,
    // Healthchecks leaves a duration of exactly zero out, too.
    show: ({ check }) => Show.seconds(check.state.lastDuration || undefined),
  }),
  uuid: Field.make({
    schema: Schema.String.annotate({ description: "Id of the check.", format: "uuid" }),
    shownTo: "read-write",
    show: ({ check }) => check.id,
  }),
  ping_url: Field.make({
    schema: Schemas.url.annotate({ description: "Where the job sends its signals." }),
    shownTo: "read-write",
    show: ({ check, root }) => `${root}/ping/${check.id}`,
  }),
  update_url: Field.make(apiUrl("", "Where the check is read, updated and deleted.")),
  pause_url: Field.make(apiUrl("/pause", "Where the check is paused.")),
  resume_url: Field.make(apiUrl("/resume", "Where a paused check is resumed.")),
  channels: Field.make({
    schema: Schemas.text.annotate({
      description:
        "Ids of the channels that are told, separated by commas. When written: ids or exact names, * for all.",
    }),
    shownTo: "read-write",
    show: ({ check }) => check.details.channels.toSorted().join(","),
    set: (draft, choice) => {
      const channels = ChannelChoice.resolve(choice, draft.channels)
      if (Result.isFailure(channels)) return channels.failure
      draft.details = { ...draft.details, channels: channels.success }
      return undefined
    },
  }),
  unique_key: Field.make({
    schema: Schema.String.annotate({
      description: "Stands for the check without letting anyone ping it. Shown to read-only keys.",
    }),
    shownTo: "read-only",
    show: ({ check }) => Show.uniqueKey(check.id),
  }),
  timeout: Field.make({
    schema: Schemas.period.annotate({
      description: "Seconds between two signals. A check has either this or a schedule.",
      default: Limits.defaultPeriod / second,
    }),
    mayBeAbsent: true,
    show: ({ check: { policy } }) =>
      policy.schedule.kind === "every" ? Show.seconds(policy.schedule.period) : undefined,
    set: (draft, timeout) => {
      draft.when = { ...draft.when, period: timeout * second, expression: undefined }
    },
  }),
  schedule: Field.make({
    schema: Schemas.schedule.annotate({
      description:
        "When a signal is expected: a cron expression of five fields, or one of systemd's OnCalendar.",
      examples: ["15 5 * * *", "Mon..Fri 09:00"],
    }),
    mayBeAbsent: true,
    show: ({ check: { policy } }) =>
      policy.schedule.kind === "every" ? undefined : policy.schedule.expression,
    set: (draft, expression) => {
      draft.when = { ...draft.when, expression }
    },
  }),
  tz: Field.make({
    schema: Schemas.zone.annotate({ description: "IANA time zone of the schedule.", default: "UTC" }),
    mayBeAbsent: true,
    show: ({ check: { policy } }) =>
      policy.schedule.kind === "every" ? undefined : policy.schedule.zone.name,
    set: (draft, name) => {
      draft.when = { ...draft.when, zone: Zone.canonical(name) }
    },
  }),
  ...ExtensionFields.fields,
  unique: Field.make({
    schema: Schemas.listOf(Schemas.oneOf(["name", "slug", "tags", "timeout", "grace"])).annotate({
      description: "When a check equals the request in all of these fields, it is updated instead.",
    }),
  }),
} as const

export type Fields = typeof fields
export type Name = keyof Fields
