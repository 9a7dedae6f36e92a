/** The field of probes: a URL, or an object with that and more. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Limits from "../Limits.ts"
import type { Policy } from "../policy/Terms.ts"
import * as Probe from "../Probe.ts"
import * as ProbeRefusal from "../probe/ProbeRefusal.ts"
import * as Threshold from "../probe/Threshold.ts"
import * as Never from "../schedule/Never.ts"
import { second, type Span } from "../Time.ts"
import * as Field from "./Field.ts"
import * as Format from "./Format.ts"
import * as Schemas from "./Schemas.ts"
import type { When } from "./When.ts"

const condition = Schema.Struct({
  of: Schemas.choiceOf(ProbeRefusal.subjectNames).annotate({ description: "What it is about." }),
  key: Schema.optionalKey(
    Schemas.text.annotate({
      description: "Which value of JSON, groups.user[0].name, or which header field.",
    }),
  ),
  operator: Schemas.choiceOf(ProbeRefusal.operators),
  values: Schemas.listOf(Schemas.text).annotate({
    description: "One of them must match, or with not- none.",
  }),
})

const days = Schemas.listOf(Schemas.wholeNumber(0, Limits.longestReminder))

const wait = Schemas.spanBetween(0, Limits.longestPeriod)

/** A probe in documents: what is left out is as in `Probe.defaults`. */
const document = Schema.Struct({
  url: Schemas.textUpTo(Limits.urlLength).annotate({
    description:
      "What is asked; its scheme says how: https, tcp, udp, ping, smtp, pop3, imap, dns, tls, domain; metric, which nobody asks: it names a server and a series that it reports.",
  }),
  every: Schema.optionalKey(
    Schemas.spanBetween(Limits.shortestRound, Limits.longestRound).annotate({
      description: "Seconds from one round to the next; by default 60.",
    }),
  ),
  grace: Schema.optionalKey(
    wait.annotate({ description: "Seconds for which all rounds must fail before the check goes down." }),
  ),
  recovery: Schema.optionalKey(
    wait.annotate({ description: "Seconds for which all rounds must succeed before it comes up again." }),
  ),
  regions: Schema.optionalKey(
    Schemas.listOf(Schemas.text).annotate({
      description: "Labels of the probers that ask; by default the server does.",
    }),
  ),
  method: Schema.optionalKey(Schemas.choiceOf(ProbeRefusal.methods)),
  headers: Schema.optionalKey(
    Schema.Record(Schema.String, Schemas.text).annotate({ message: "is not an object with texts" }),
  ),
  body: Schema.optionalKey(
    Schemas.textUpTo(Limits.probeBodyLength).annotate({
      description: "What is sent, over HTTP, TCP or UDP.",
    }),
  ),
  follow_redirects: Schema.optionalKey(Schemas.flag),
  verify_certificate: Schema.optionalKey(Schemas.flag),
  conditions: Schema.optionalKey(Schemas.listOf(condition).annotate({ description: "All must hold." })),
  remind: Schema.optionalKey(
    Schema.Struct({
      certificate: Schema.optionalKey(days),
      domain: Schema.optionalKey(days),
    }).annotate({
      description: "How many days before a certificate or a domain expires the channels are reminded of it.",
      message: "is not an object",
    }),
  ),
}).annotate({ message: "is not a URL, an object with a url, or null" })

/** A probe in documents, as an object. */
export type Document = typeof document.Type

/** Returns the probe that a document describes. */
export const read = (given: string | Document): Probe.Probe => {
  if (typeof given === "string") return ofText(given)
  const { every, grace, recovery, follow_redirects, verify_certificate, conditions, ...rest } = given
  return Probe.make({
    ...rest,
    ...(every !== undefined && { every: Schemas.toSpan(every) }),
    ...(grace !== undefined && { grace: Schemas.toSpan(grace) }),
    ...(recovery !== undefined && { recovery: Schemas.toSpan(recovery) }),
    ...(follow_redirects !== undefined && { followsRedirects: follow_redirects }),
    ...(verify_certificate !== undefined && { verifiesCertificate: verify_certificate }),
    ...(conditions !== undefined && {
      conditions: conditions.map(({ key = "", ...condition }) => ({ ...condition, key })),
    }),
  })
}

/** Whatever does not read as a threshold is taken for a URL, which is refused when it is none. */
const ofText = (text: string): Probe.Probe =>
  Result.getOrElse(Threshold.ofText(text), () => Probe.make({ url: text }))

const decode = Schema.decodeUnknownResult(document)

/** Returns the probe that a document of `show` describes; a failure when it is none, as from a server that is newer. */
export const ofShown = (shown: unknown): Result.Result<Probe.Probe, unknown> =>
  Result.map(decode(shown), read)

/** Returns a probe as documents have it: its target, how often it is asked, and what is not as in `Probe.defaults`. */
export const show = (probe: Probe.Probe): Field.Json => {
  const seconds = (span: Span): number => Format.exactSeconds(span)
  const { every, grace, recovery, conditions, followsRedirects, verifiesCertificate, ...rest } = probe
  return told({
    ...rest,
    every: seconds(every),
    grace: seconds(grace),
    recovery: seconds(recovery),
    follow_redirects: followsRedirects,
    verify_certificate: verifiesCertificate,
    conditions: conditions.map(({ of, key, operator, values }) => ({
      of,
      ...(key !== "" && { key }),
      operator,
      values,
    })),
  })
}

/** Returns the members of a document, which must have a `url` and an `every`, without those that set nothing. */
export const told = ({ url, every, ...others }: Readonly<Record<string, Field.Json>>): Field.Json => {
  const set = Object.entries(others).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name]),
  )
  return { url: url!, every: every!, ...Object.fromEntries(set) }
}

/** The members of a document that a probe has which sets nothing. */
const usual: Readonly<Record<string, Field.Json>> = {
  grace: 0,
  recovery: 0,
  regions: [],
  method: Probe.defaults.method,
  headers: {},
  body: "",
  follow_redirects: true,
  verify_certificate: true,
  conditions: [],
  remind: {},
}

/** Keeps the members that a probe does not have, so that they can be refused: one that is misspelt would be passed over. */
const keeping = Schema.StructWithRest(document, [
  Schema.Record(Schema.String, Schema.Unknown),
]) as unknown as typeof document // safe because `isRight` refuses what is kept

const isRight = Schema.makeFilter(
  (given: string | Document | null) => {
    if (given === null) return undefined
    if (typeof given === "string" && /^\s*[{[]/.test(given))
      return "is not as expected: a URL, or an object as such, not as a text"
    const other =
      typeof given === "string" ? undefined : Object.keys(given).find((name) => !(name in document.fields))
    if (other !== undefined)
      return { path: [other], issue: `is unknown: a probe has ${Object.keys(document.fields).join(", ")}` }
    const meant = typeof given === "string" ? Threshold.ofText(given) : undefined
    if (meant !== undefined && Result.isFailure(meant)) return `is not as expected: ${meant.failure}`
    const refusal = ProbeRefusal.of(read(given))
    return (
      refusal && {
        path: [names[refusal.part] ?? refusal.part],
        issue: `is not as expected: ${refusal.expected}`,
      }
    )
  },
  { toJsonSchema: () => ({}) },
)

const names: Partial<Record<keyof Probe.Probe, string>> = {
  followsRedirects: "follow_redirects",
  verifiesCertificate: "verify_certificate",
}

/** The field `probe`. */
export const field = Field.make<string | Document | null>({
  isBeyond: true,
  mayBeAbsent: true,
  sentence:
    "What the server asks by itself, in place of a job that reports: a URL, an object with a url and more, or a threshold on what a server monitor reports, cpu > 90 for 5m on SERVER-ID. null takes it away.",
  schema: Schema.Union([Schemas.text, keeping, Schema.Null])
    .annotate({ message: "is not a URL, an object with a url, or null" })
    .check(isRight),
  form: { is: "probe" },
  // Header fields, and addresses, may have passwords in them.
  shownTo: "read-write",
  isSecret: true,
  code: "probe",
  example: { url: "https://example.org/health", every: 120, grace: 60 },
  show: ({ check: { policy } }) => (policy.probe === undefined ? undefined : show(policy.probe)),
  set: (change, given) => {
    change.policy = { ...change.policy, probe: given === null ? undefined : read(given) }
  },
})

/** Whether a probe, when a signal is expected, and how late it may be, once all fields are set that are given. */
export interface Timing {
  readonly probe: Probe.Probe | undefined
  readonly grace: Span
  readonly when: When
}

/**
 * Returns when a check is expected that may have a probe: by nothing then, because its results are its signals. For those who
 * know of no probes, its timeout is how often it is asked, and its grace that of the probe. Fails with a message when the
 * probe itself says something else. One whose probe is taken away expects signals as a new one does, unless it is said when:
 * nothing would watch over it.
 */
export const timing = (
  { policy: { probe, grace }, when }: Field.Change,
  given: Readonly<Record<string, unknown>>,
  before: Pick<Policy, "probe" | "grace">,
): Result.Result<Timing, string> => {
  const { timeout, schedule } = given
  if (probe === undefined) {
    const isLeft = before.probe !== undefined && schedule === undefined
    return Result.succeed({ probe, grace, when: isLeft ? { ...when, expression: undefined } : when })
  }
  if (schedule !== undefined && !(typeof schedule === "string" && Never.isWritten(schedule)))
    return expects("schedule", "none, because the check has a probe: set that to null to expect signals")
  const every = typeof timeout === "number" ? Schemas.toSpan(timeout) : probe.every
  const wait = typeof given["grace"] === "number" ? Schemas.toSpan(given["grace"]) : probe.grace
  const isSaid = sayer(given["probe"], probe)
  if (isSaid("every") && every !== probe.every)
    return expects(
      "timeout",
      `none, because the probe is asked every ${Format.exactSeconds(probe.every)} seconds: that is its every`,
    )
  if (isSaid("grace") && wait !== probe.grace)
    return expects(
      "grace",
      `none, because the probe has a grace of ${Format.exactSeconds(probe.grace)} seconds: set that`,
    )
  const { shortestRound, longestRound } = Limits
  if (every < shortestRound || every > longestRound)
    return expects(
      "timeout",
      `${shortestRound / second} to ${longestRound / second}, because the check has a probe`,
    )
  const isSame = every === probe.every && wait === probe.grace
  return Result.succeed({
    probe: isSame ? probe : { ...probe, every, grace: wait },
    grace: before.grace,
    when: { ...when, period: Limits.defaultPeriod, expression: Never.print() },
  })
}

/**
 * Returns whether a probe, as it was given, says something itself, also the text of a threshold; what it does not, the fields
 * beside it may.
 */
export const sayer =
  (given: unknown, probe: Probe.Probe) =>
  (name: "every" | "grace"): boolean =>
    typeof given === "object" && given !== null
      ? Object.hasOwn(given, name)
      : given !== undefined && probe[name] !== Probe.defaults[name]

const expects = (name: string, expected: string) =>
  Result.fail(`json validation error: ${name} is not as expected: ${expected}`)
