/** When certificates and domains of uptime monitors expire, and on which days before that people want to be reminded. */
import type * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Policy from "@overdue/core/Policy"
import type * as Probe from "@overdue/core/Probe"
import * as ProbeUrl from "@overdue/core/probe/ProbeUrl"
import { day, type Instant } from "@overdue/core/Time"
import * as Update from "@overdue/engine/commands/Update"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { json } from "../../http/Http.ts"
import { Exists, type FieldsInvalid, NotFound, type Request } from "../../rest/Endpoint.ts"
import type * as Body from "../Body.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Forms from "../../rest/Forms.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as Resources from "./Resources.ts"
import * as Subject from "./Subject.ts"

/** What expires: a certificate, or the registration of a domain. */
export type What = "ssl" | "tld"

const wholeDays = (at: Instant, now: Instant): number => Math.floor((at - now) / day)

/** A certificate as answers have it. */
export const Ssl = Schema.Struct({
  host: Schema.String,
  issuer: Schema.String,
  subject: Schema.String,
  valid_from: Shapes.instant,
  valid_to: Shapes.instant,
  days_left: Schema.Number,
  valid: Schema.Boolean,
  error: Schema.NullOr(Schema.String),
  checked_at: Schema.NullOr(Shapes.instant),
})

/** The registration of a domain as answers have it. */
export const Tld = Schema.Struct({
  domain: Schema.NullOr(Schema.String),
  registrar: Schema.NullOr(Schema.String),
  expires_at: Schema.NullOr(Shapes.instant),
  days_left: Schema.NullOr(Schema.Number),
  checked_at: Schema.NullOr(Shapes.instant),
  error: Schema.NullOr(Schema.String),
})

const lastOf = ({ state: { probing } }: Check.Check) => ({
  results: probing?.last?.results ?? [],
  checkedAt: Answers.instantOrNull(probing?.toldAt),
})

/** Answers with the certificate that was seen last. */
export const ssl = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Resources.subject(request)
  const { now } = yield* Subject.presently
  const { results, checkedAt } = lastOf(check)
  const certificate = results.flatMap((result) => result.certificate ?? [])[0]
  if (certificate === undefined) return yield* new NotFound({ what: "Certificate" })
  const { host, issuer, subject, validFrom, validTo, error } = certificate
  const shown: typeof Ssl.Type = {
    host,
    issuer,
    subject,
    valid_from: Answers.instant(validFrom),
    valid_to: Answers.instant(validTo),
    days_left: wholeDays(validTo, now),
    valid: error === undefined && validFrom <= now && now < validTo,
    error: error ?? null,
    checked_at: checkedAt,
  }
  return json(200, shown)
})

/** Answers with what the registry of the domain says. */
export const tld = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Resources.subject(request)
  const { now } = yield* Subject.presently
  const { results, checkedAt } = lastOf(check)
  const registration = results.flatMap((result) => result.registration ?? [])[0]
  const { domain, registrar, expiresAt, error } = registration ?? { domain: hostOf(check.policy.probe) }
  const shown: typeof Tld.Type = {
    domain: domain ?? null,
    registrar: registrar ?? null,
    expires_at: Answers.instantOrNull(expiresAt),
    days_left: expiresAt === undefined ? null : wholeDays(expiresAt, now),
    checked_at: registration === undefined ? null : checkedAt,
    error: error ?? null,
  }
  return json(200, shown)
})

const hostOf = (probe: Probe.Probe | undefined): string | undefined => {
  const url = ProbeUrl.parse(probe?.url ?? "")
  return Result.isSuccess(url) ? url.success.host : undefined
}

/** When people are reminded. */
export const Reminder = Schema.Struct({
  days_before: Fields.list(Fields.integer(0, Limits.longestReminder), "whole numbers", Limits.reminders)
    .check(Schema.isMinLength(1, { message: "must have at least one item" }))
    .annotate({ description: "How many days before it expires." }),
})

const readReminder = Fields.reader(Reminder)

const read = (fields: Body.Fields) => {
  const { others, given } = Forms.gather(fields, "days_before")
  return readReminder({ ...others, ...(given.length > 0 && { days_before: given.flat() }) })
}

const expiring = { ssl: "certificate", tld: "domain" } as const satisfies Readonly<
  Record<What, Probe.Expiring>
>

/** Returns on which days before people want to be reminded; `undefined` when they do not. */
const daysOf = ({ policy }: Check.Plan, what: What): readonly number[] | undefined => {
  const days = policy.probe?.remind[expiring[what]]
  return days === undefined || days.length === 0 ? undefined : days
}

/** Whether there must be reminders already, or must be none. */
type Before = "some" | "none"

const write = (
  { project, id }: Check.Check,
  what: What,
  { days, before }: { readonly days: readonly number[]; readonly before: Before },
) =>
  Update.run({
    project,
    id,
    plan: ({ details, policy }): Result.Result<Check.Plan, NotFound | FieldsInvalid | Exists> => {
      const { probe } = policy
      if (probe === undefined) return Result.fail(lost)
      const isSome = daysOf({ details, policy }, what) !== undefined
      if (isSome !== (before === "some")) return Result.fail(isSome ? exists : lost)
      const remind = { ...probe.remind, [expiring[what]]: days }
      const planned = { ...policy, probe: { ...probe, remind } }
      const refusal = Policy.refusal(planned)
      return refusal === undefined
        ? Result.succeed({ details, policy: planned })
        : Result.fail(Fields.invalid("days_before", `must be ${refusal.expected}`))
    },
  })

const exists = new Exists({ what: "Reminder" })
const lost = new NotFound({ what: "Reminder" })

/** Returns what answers with the reminders of one kind. */
export const get = (what: What) =>
  Effect.fnUntraced(function* (request: Request) {
    const days = daysOf(yield* Resources.subject(request), what)
    return days === undefined ? yield* Effect.fail(lost) : json(200, { days_before: days })
  })

const sorted = (days: readonly number[]): readonly number[] => [...new Set(days)].sort((a, b) => a - b)

/** Returns what sets reminders of one kind where there are none. */
export const create = (what: What) =>
  Effect.fnUntraced(function* (request: Request) {
    const check = yield* Resources.subject(request)
    const { days_before: days } = yield* read(request.fields)
    yield* write(check, what, { days: sorted(days), before: "none" })
    return Answers.created("Reminder", check.id)
  })

/** Returns what changes reminders of one kind. */
export const update = (what: What) =>
  Effect.fnUntraced(function* (request: Request) {
    const check = yield* Resources.subject(request)
    const { days_before: days } = yield* read(request.fields)
    yield* write(check, what, { days: sorted(days), before: "some" })
    return Answers.changed("Reminder updated", check.id)
  })

/** Returns what ends reminders of one kind. */
export const remove = (what: What) =>
  Effect.fnUntraced(function* (request: Request) {
    const check = yield* Resources.subject(request)
    yield* write(check, what, { days: [], before: "some" })
    return Answers.changed("Reminder deleted", check.id)
  })
