/** The asker: asks a target once, and says what came of it. */
import * as tls from "node:tls"
import * as Address from "@overdue/core/Address"
import type { Probe, Registration, Result as RoundResult } from "@overdue/core/Probe"
import * as Conditions from "@overdue/core/probe/Conditions"
import * as ProbeUrl from "@overdue/core/probe/ProbeUrl"
import { day, type Instant, type Span } from "@overdue/core/Time"
import * as Result from "effect/Result"
import { Attempt, type Means } from "./Attempt.ts"
import * as Connection from "./Connection.ts"
import { Failure, ofError, Unknown } from "./Failure.ts"
import { kinds } from "./index.ts"
import * as Limits from "./Limits.ts"
import * as Names from "./Names.ts"
import * as Bootstrap from "./rdap/Bootstrap.ts"
import * as Registrations from "./rdap/Registrations.ts"
import * as Standstill from "./Standstill.ts"

/** How targets are asked. */
export interface Options {
  /** Whether an IP address may be connected to; by default whether it is public. */
  readonly isAllowed?: ((address: string) => boolean) | undefined
  /** Finds the addresses of a host name; by default the system's resolver. */
  readonly resolve?: Means["resolve"] | undefined
  /** PEM certificates of the authorities to trust instead of those that Node trusts. */
  readonly certificateAuthorities?: readonly string[] | undefined
  /** How long an attempt may take altogether, in milliseconds; by default, and at most, 30 seconds. */
  readonly timeout?: Span | undefined
  /** How registries of domains are asked; by default those that IANA lists, at public addresses. */
  readonly rdap?:
    | {
        readonly bootstrap?: Bootstrap.Bootstrap | undefined
        readonly isAllowed?: ((address: string) => boolean) | undefined
      }
    | undefined
  /** The TCP ports that `ping` tries in turn; by default 443 and 80. */
  readonly pingPorts?: readonly number[] | undefined
  /** Whether this machine has a way to anywhere, asked when there is none to a target; by default by its routes. */
  readonly isOnline?: (() => Promise<boolean>) | undefined
}

/** Returns the options by which private addresses may be asked as well, or may not. */
export const reaching = (allowPrivateTargets: boolean): Pick<Options, "isAllowed" | "rdap"> => {
  const isAllowed = allowPrivateTargets ? () => true : undefined
  return { isAllowed, rdap: { isAllowed } }
}

/** What a target answered, or that it did not; what a result of a round has but for the region. */
export type Answer = Omit<RoundResult, "region">

/** What came of an attempt: an answer, or that nothing can be said of the target, with a sentence for the log. */
export type Answered =
  | { readonly type: "answer"; readonly answer: Answer }
  | { readonly type: "unknown"; readonly why: string }

/** Asks a target once. Never rejects. A signal that is aborted closes what is open, and the answer is unknown. */
export type Asker = (probe: Probe, signal?: AbortSignal) => Promise<Answered>

/** Returns an asker. What it remembers, of registries alone, is its own. */
export const make = (options: Options = {}): Asker => {
  const means = meansOf(options)
  return async (probe, signal) => {
    const url = ProbeUrl.parse(probe.url)
    if (Result.isFailure(url))
      return { type: "answer", answer: { ok: false, reason: "the URL is invalid", timings: { whole: 0 } } }
    return asked(new Attempt(probe, url.success, means), signal)
  }
}

const meansOf = (options: Options): Means => {
  let context: tls.SecureContext | undefined
  const { certificateAuthorities: ca, rdap = {} } = options
  const means: Means = {
    isAllowed: options.isAllowed ?? Address.isPublic,
    resolve: options.resolve ?? Names.resolve,
    isOnline: options.isOnline ?? Connection.isOnline,
    secureContext: () => (context ??= tls.createSecureContext(ca === undefined ? {} : { ca: [...ca] })),
    // A round waits for no answer for longer.
    timeout: Math.min(options.timeout ?? Limits.attempt, Limits.attempt),
    pingPorts: options.pingPorts ?? [443, 80],
    registrationOf: (host) => registrationOf(host),
  }
  const ofRegistry = { ...means, isAllowed: rdap.isAllowed ?? Address.isPublic }
  const registrationOf = Registrations.make(rdap.bootstrap ?? Bootstrap.own, ofRegistry)
  return means
}

const asked = async (attempt: Attempt, signal: AbortSignal | undefined): Promise<Answered> => {
  const watch = Standstill.begin()
  const stop = stopping(signal)
  try {
    const answer = await Promise.race([answered(attempt), stop.stopped])
    const stood = Math.max(watch.lasted(), answer.timings.whole - attempt.means.timeout)
    if (answer.ok || stood <= Limits.standstill) return { type: "answer", answer }
    return {
      type: "unknown",
      why: `This process stood still for ${Math.round(stood / 1000)} s while it asked.`,
    }
  } catch (cause) {
    const failure = ofError(cause)
    return { type: "unknown", why: failure instanceof Unknown ? failure.why : failure.reason }
  } finally {
    watch.end()
    stop.end()
    attempt.end()
  }
}

/** Returns a promise that fails when a signal is aborted, and what takes it off the signal, which may live for long. */
const stopping = (signal: AbortSignal | undefined) => {
  let abort: () => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    abort = () => reject(new Unknown("The attempt was stopped."))
  })
  if (signal?.aborted === true) abort()
  signal?.addEventListener("abort", abort, { once: true })
  return { stopped, end: () => signal?.removeEventListener("abort", abort) }
}

/** Asks, and judges. Fails only when nothing can be said. */
const answered = async (attempt: Attempt): Promise<Answer> => {
  const { url, means, seen } = attempt
  const answer = (reason?: string, timings = attempt.timings()): Answer => ({
    ok: reason === undefined,
    ...(seen.statusCode === undefined ? {} : { statusCode: seen.statusCode }),
    ...(reason === undefined ? {} : { reason: reason.slice(0, Limits.reason) }),
    timings,
    ...(seen.certificate === undefined ? {} : { certificate: seen.certificate }),
    ...(seen.registration === undefined ? {} : { registration: seen.registration }),
  })
  try {
    if (url.kind === "metric") throw new Unknown("Nobody asks for a metric: the server reports it.")
    await attempt.within(means.timeout, kinds[url.kind].ask(attempt))
  } catch (cause) {
    const failure = ofError(cause)
    if (failure instanceof Failure) return answer(failure.reason)
    throw failure
  }
  const timings = attempt.timings()
  // What a registry takes for its answer is not the target's time.
  if (attempt.isAbout("domain")) seen.registration ??= await registrationOf(attempt)
  else if (attempt.probe.remind.domain !== undefined) {
    const known = await atHand(means.registrationOf(url.host))
    if (known !== undefined) seen.registration ??= known
  }
  return answer(failureOf(attempt, timings.whole), timings)
}

/** Returns what a promise has at once: of reminders nobody need wait for a registry, whose answer is there next time. */
const atHand = async <A>(promise: Promise<A>): Promise<A | undefined> => {
  const known = promise.catch(() => undefined)
  const later = new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))
  return Promise.race([known, later])
}

const registrationOf = async (attempt: Attempt): Promise<Registration> => {
  try {
    return await attempt.within(Limits.registry, attempt.means.registrationOf(attempt.url.host))
  } catch (cause) {
    if (cause instanceof Failure)
      return { domain: attempt.url.host, error: "the registry does not answer in time", isUnknown: true }
    throw cause
  }
}

const failureOf = ({ probe, seen }: Attempt, time: Span): string | undefined => {
  const now = Date.now()
  const daysUntil = (end: Instant | undefined): number | undefined =>
    end === undefined ? undefined : Math.floor((end - now) / day)
  return Conditions.failure(probe.conditions, {
    ...seen,
    time,
    certificateDays: daysUntil(seen.certificate?.validTo),
    domainDays: seen.registration?.isUnknown === true ? "unknown" : daysUntil(seen.registration?.expiresAt),
  })
}
