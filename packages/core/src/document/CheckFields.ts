/**
 * The one table of the fields of a check. API documents, requests, flags, files, forms and webhooks are made from it.
 *
 * Fields have Healthchecks' names and order; those that Healthchecks does not have come last.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Limits from "../Limits.ts"
import * as Policy from "../policy/Terms.ts"
import * as Shown from "../Shown.ts"
import * as Nickname from "../schedule/Nickname.ts"
import * as Schedule from "../Schedule.ts"
import * as Zone from "../Zone.ts"
import * as ChannelChoice from "./ChannelChoice.ts"
import * as ExtensionFields from "./ExtensionFields.ts"
import * as Field from "./Field.ts"
import { actionAddress, address, detail, filter, keywords, legacySubject, policyFlag } from "./FieldKinds.ts"
import * as Format from "./Format.ts"
import * as Schemas from "./Schemas.ts"

const instant = Schema.NullOr(Schemas.instant)

const text = { is: "text" } as const
const span = { is: "span" } as const

/** Every field of a check, by its name in documents. */
export const fields = {
  name: Field.make({
    sentence: "Name of the check.",
    schema: Schemas.textUpTo(Limits.nameLength),
    form: text,
    code: "name",
    isAtBirth: true,
    example: "Nightly backup",
    show: ({ check }) => check.details.name,
    set: (change, name) => {
      change.details = { ...change.details, name }
    },
  }),
  slug: Field.make({
    ...detail("slug"),
    sentence: "Names the check in ping URLs. Need not be unique.",
    schema: Schemas.textUpTo(Limits.slugLength).check(
      Schema.isPattern(/^[a-z0-9_-]*$/u, { message: "does not match pattern" }),
    ),
    form: text,
    example: "nightly-backup",
  }),
  tags: Field.make({
    ...detail("tags"),
    sentence: "Tags, separated by spaces.",
    schema: Schemas.textUpTo(Limits.tagsLength),
    form: { is: "words", by: " " },
    isAtBirth: true,
    example: "prod db",
  }),
  desc: Field.make({
    ...detail("description"),
    sentence: "What the check is about, for people.",
    schema: Schemas.text,
    form: text,
    example: "Dumps the database, and copies it.",
  }),
  grace: Field.make({
    sentence: "How late a signal may be; of a check with a probe, for how long all rounds must fail.",
    schema: Schemas.period,
    own: Schemas.spanBetween(0, Limits.longestPeriod),
    form: span,
    code: "grace",
    isAtBirth: true,
    example: 1800,
    show: ({ check }) => Format.exactSeconds(Policy.graceOf(check.policy)),
    set: (change, grace) => {
      change.policy = { ...change.policy, grace: Schemas.toSpan(grace) }
    },
  }),
  n_pings: Field.make({
    sentence: "How many signals have arrived, of whatever kind.",
    schema: Schema.Int,
    show: ({ check }) => check.state.pings,
  }),
  status: Field.make({
    sentence: "What the check is at this moment.",
    schema: Schemas.oneOf(["new", "up", "grace", "down", "paused"]),
    show: ({ check, now, blind }) => Shown.statusAt(check, now, blind),
  }),
  started: Field.make({
    sentence: "Whether a run has started and not finished.",
    schema: Schemas.flag,
    show: ({ check }) => Shown.isStarted(check),
  }),
  last_ping: Field.make({
    sentence: "When the last success or failure arrived.",
    schema: instant,
    show: ({ check }) => Format.instantOrNull(check.state.lastPing),
  }),
  next_ping: Field.make({
    sentence: "When the next signal is expected; null when the check waits for none.",
    schema: instant,
    show: ({ check, blind }) => Format.instantOrNull(Shown.nextPingAt(check, blind)),
  }),
  manual_resume: policyFlag("manualResume", "While paused, signals are logged and change nothing."),
  methods: Field.make<string>({
    sentence: "HTTP methods that count as a ping, such as POST; unless given, all.",
    schema: Schemas.oneOf(["", "POST"]),
    own: Schemas.methods,
    form: { is: "words", by: " " },
    code: "methods",
    example: "POST",
    show: ({ check }) => check.policy.methods.join(" "),
    set: (change, methods) => {
      change.policy = {
        ...change.policy,
        methods: [...new Set(methods.split(" "))].filter((method) => method !== ""),
      }
    },
  }),
  subject: legacySubject("successKeywords", "success_kw"),
  subject_fail: legacySubject("failureKeywords", "failure_kw"),
  start_kw: keywords("startKeywords", "start of a run"),
  success_kw: keywords("successKeywords", "success"),
  failure_kw: keywords("failureKeywords", "failure"),
  filter_subject: filter("subject", "Look for the keywords in the subject of e-mails."),
  filter_body: filter("body", "Look for the keywords in the text of e-mails."),
  filter_http_body: filter("httpBody", "Look for the keywords in the body of HTTP requests."),
  filter_default_fail: filter(
    "defaultFail",
    "A message without any keyword is a failure; otherwise it is ignored.",
  ),
  badge_url: address("An image that shows the status.", ({ check }) => `/b/2/${check.badgeKey}.svg`),
  last_duration: Field.make({
    sentence: "Seconds that the last finished run took; absent when unknown.",
    schema: Schema.Int,
    mayBeAbsent: true,
    // Healthchecks leaves a duration of exactly zero out, too.
    show: ({ check }) => Format.seconds(check.state.lastDuration || undefined),
  }),
  uuid: Field.make({
    sentence: "Id of the check.",
    schema: Schema.String.annotate({ format: "uuid" }),
    shownTo: "read-write",
    show: ({ check }) => check.id,
  }),
  ping_url: actionAddress("Where the job sends its signals.", ({ check }) => `/ping/${check.id}`),
  update_url: actionAddress(
    "Where the check is read, updated and deleted.",
    ({ check, api }) => `${api}/checks/${check.id}`,
  ),
  pause_url: actionAddress(
    "Where the check is paused.",
    ({ check, api }) => `${api}/checks/${check.id}/pause`,
  ),
  resume_url: actionAddress(
    "Where a paused check is resumed.",
    ({ check, api }) => `${api}/checks/${check.id}/resume`,
  ),
  channels: Field.make({
    sentence:
      "Ids of the channels that are told, separated by commas. When written: ids or exact names, * for all.",
    schema: Schemas.text,
    form: { is: "words", by: "," },
    code: "channels",
    isAtBirth: true,
    example: "*",
    shownTo: "read-write",
    show: ({ check }) => check.details.channels.toSorted().join(","),
    set: (change, choice) => {
      const channels = ChannelChoice.resolve(choice, change.channels)
      if (Result.isFailure(channels)) return channels.failure
      change.details = { ...change.details, channels: channels.success }
      return undefined
    },
  }),
  timeout: Field.make({
    sentence: "How long it is from one signal to the next. A check has either this or a schedule.",
    schema: Schemas.period,
    own: Schemas.spanBetween(1, Limits.longestPeriod),
    form: span,
    code: "every",
    isAtBirth: true,
    example: 7200,
    mayBeAbsent: true,
    // The results of a probe are its signals.
    show: ({ check: { policy } }) =>
      Format.exactSeconds(
        policy.probe?.every ?? (policy.schedule.kind === "every" ? policy.schedule.period : undefined),
      ),
    set: (change, timeout) => {
      change.when = { ...change.when, period: Schemas.toSpan(timeout), expression: undefined }
    },
  }),
  schedule: Field.make({
    sentence: "When a signal is expected: a cron expression of five fields, or one of systemd's OnCalendar.",
    schema: Schemas.schedule.annotate({ examples: ["15 5 * * *", "Mon..Fri 09:00"] }),
    own: Schemas.ownSchedule,
    explain: Schemas.explainSchedule,
    form: text,
    code: "cron",
    isAtBirth: true,
    example: "15 5 * * *",
    mayBeAbsent: true,
    show: ({ check: { policy } }) =>
      policy.probe === undefined ? Schedule.expressionOf(policy.schedule) : undefined,
    set: (change, expression) => {
      change.when = { ...change.when, expression: Nickname.expand(expression) ?? expression }
    },
  }),
  tz: Field.make({
    sentence: "IANA time zone of the schedule, and of quiet windows that name none.",
    schema: Schemas.zone.annotate({ default: "UTC" }),
    explain: Schemas.explainZone,
    form: text,
    code: "zone",
    isAtBirth: true,
    example: "Europe/Riga",
    mayBeAbsent: true,
    show: ({ check: { policy } }) => ("zone" in policy.schedule ? policy.schedule.zone.name : undefined),
    set: (change, name) => {
      change.when = { ...change.when, zone: Zone.canonical(name) }
    },
  }),
  ...ExtensionFields.fields,
} as const

/** The type of the table, with the value type of each field. */
export type Fields = typeof fields
