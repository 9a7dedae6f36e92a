/** What came of asking a target once, as documents have it: a prober elsewhere hands it in. */
import * as Limits from "../Limits.ts"
import type * as Probe from "../Probe.ts"
import { second, type Instant } from "../Time.ts"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Schemas from "./Schemas.ts"

const milliseconds = Schema.Number.annotate({ message: "is not a number" }).check(
  Schema.isFinite({ message: "is not a number" }),
  Schema.isGreaterThanOrEqualTo(0, Schemas.bounded("is too small", "at least 0")),
  Schema.isLessThanOrEqualTo(
    Limits.longestTiming,
    Schemas.bounded("is too large", `at most ${Limits.longestTiming}`),
  ),
)

const text = Schemas.textUpTo(Limits.credentialLength)

/** Whole seconds since 1970, of any year that a certificate may name. */
const timestamp = Schemas.wholeNumber(-62_167_219_200, 253_402_300_799).annotate({
  description: "A Unix timestamp in seconds.",
})

const certificate = Schema.Struct({
  host: text,
  issuer: text,
  subject: text,
  valid_from: timestamp,
  valid_to: timestamp,
  error: Schema.optionalKey(text.annotate({ description: "Why it is not trusted." })),
})

const registration = Schema.Struct({
  domain: text,
  registrar: Schema.optionalKey(text),
  expires_at: Schema.optionalKey(timestamp),
  error: Schema.optionalKey(text.annotate({ description: "Why nothing is known." })),
})

/** The fields. */
export const Input = Schema.Struct({
  ok: Schemas.flag,
  status_code: Schema.optionalKey(
    Schemas.wholeNumber(0, 999).annotate({ description: "The status of HTTP." }),
  ),
  reason: Schema.optionalKey(
    Schemas.textUpTo(Limits.failureLength).annotate({
      description: "Why it failed, in a few words that name no secret: `timeout`, `status 503`.",
    }),
  ),
  timings: Schema.Struct({
    dns: Schema.optionalKey(milliseconds),
    connect: Schema.optionalKey(milliseconds),
    tls: Schema.optionalKey(milliseconds),
    first_byte: Schema.optionalKey(milliseconds),
    whole: milliseconds,
  }).annotate({ description: "How long its parts took, in milliseconds." }),
  certificate: Schema.optionalKey(certificate.annotate({ description: "What the target has shown." })),
  registration: Schema.optionalKey(
    registration.annotate({ description: "What the registry says of the domain of the target." }),
  ),
})

/** A result as documents have it. */
export type Document = typeof Input.Encoded

/** Returns a result without its region. Fails with the issue of the schema. */
export const read = (document: unknown): Result.Result<Omit<Probe.Result, "region">, Schema.SchemaError> =>
  Result.map(
    decode(document),
    ({ ok, status_code, reason, timings: { first_byte, ...timings }, certificate, registration }) => ({
      ok,
      ...(status_code !== undefined && { statusCode: status_code }),
      // Whoever reads a success must not find why it failed.
      ...(!ok && { reason: reason || "failed" }),
      timings: { ...timings, ...(first_byte !== undefined && { firstByte: first_byte }) },
      ...(certificate !== undefined && { certificate: certificateOf(certificate) }),
      ...(registration !== undefined && { registration: registrationOf(registration) }),
    }),
  )

const decode = Schema.decodeUnknownResult(Input)

const certificateOf = ({ valid_from, valid_to, ...rest }: typeof certificate.Type): Probe.Certificate => ({
  ...rest,
  validFrom: valid_from * second,
  validTo: valid_to * second,
})

const registrationOf = ({ expires_at, ...rest }: typeof registration.Type): Probe.Registration => ({
  ...rest,
  ...(expires_at !== undefined && { expiresAt: expires_at * second }),
})

/** Returns the document of a result, whose texts are cut to what is taken: a certificate may be as long as it likes. */
export const show = (result: Omit<Probe.Result, "region">): Document => {
  const { ok, statusCode, reason, timings, certificate, registration } = result
  return {
    ok,
    ...(statusCode !== undefined && { status_code: statusCode }),
    ...(reason !== undefined && { reason: cut(reason, Limits.failureLength) }),
    timings: shownTimings(timings),
    ...(certificate !== undefined && { certificate: shownCertificate(certificate) }),
    ...(registration !== undefined && { registration: shownRegistration(registration) }),
  }
}

const shownTimings = ({ firstByte, ...rest }: Probe.Timings): Document["timings"] => {
  const given = { ...rest, ...(firstByte !== undefined && { first_byte: firstByte }) }
  const bounded = Object.entries(given).map(([name, span]) => [name, Math.min(span, Limits.longestTiming)])
  return Object.fromEntries(bounded) as Document["timings"] // safe because the names are the same
}

const shownCertificate = ({ validFrom, validTo, ...rest }: Probe.Certificate) => ({
  ...cutAll(rest),
  valid_from: seconds(validFrom),
  valid_to: seconds(validTo),
})

const shownRegistration = ({ expiresAt, isUnknown: _isUnknown, ...rest }: Probe.Registration) => ({
  ...cutAll(rest),
  ...(expiresAt !== undefined && { expires_at: seconds(expiresAt) }),
})

const seconds = (at: Instant): number => Math.floor(at / second)

const cutAll = <A extends object>(texts: A): A =>
  Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [name, cut(String(value), Limits.credentialLength)]),
  ) as A // safe because all members are texts

/** What no database stores as text is left out, too. */
const cut = (text: string, most: number): string => text.slice(0, most).toWellFormed().replaceAll("\0", "")
