/** Registrations of domains, asked of their registries and remembered: these answer nobody who asks every minute. */
import * as Address from "@overdue/core/Address"
import * as Probe from "@overdue/core/Probe"
import * as ProbeUrl from "@overdue/core/probe/ProbeUrl"
import type { Instant } from "@overdue/core/Time"
import * as Result from "effect/Result"
import { Attempt, type Means } from "../Attempt.ts"
import * as Connection from "../Connection.ts"
import { ofError, Unknown } from "../Failure.ts"
import { Gate } from "../Gate.ts"
import * as Http from "../Http.ts"
import * as Limits from "../Limits.ts"
import * as Bootstrap from "./Bootstrap.ts"
import * as Registered from "./Registered.ts"

/** Returns what is known of the domain that a host is in. Fails only with `Unknown`. */
export type Registrations = (host: string) => Promise<Probe.Registration>

/** What a registry has said of a name. */
type Outcome =
  | { readonly is: "registered"; readonly registration: Probe.Registration }
  | { readonly is: "unregistered" }
  | { readonly is: "failed"; readonly why: string }

interface Remembered {
  readonly outcome: Outcome
  readonly until: Instant
}

/** Returns registrations that know nothing yet. */
export const make = (bootstrap: Bootstrap.Bootstrap, means: Means): Registrations => {
  const registryOf = Bootstrap.finder(bootstrap)
  const remembered = new Map<string, Remembered>()
  const underWay = new Map<string, Promise<Outcome>>()
  const gate = new Gate(Limits.registriesAtOnce)

  const renewed = async (name: string, registry: string): Promise<Outcome> => {
    const found = await asked(name, registry, means)
    const before = remembered.get(name)?.outcome
    // A registry that does not answer today has said yesterday what is hardly different.
    const outcome = found.is === "failed" && before?.is === "registered" ? before : found
    const until = Date.now() + (found.is === "registered" ? Limits.known : Limits.unknown)
    remembered.delete(name)
    remembered.set(name, { outcome, until })
    for (const oldest of remembered.keys()) {
      if (remembered.size <= Limits.registrations) break
      remembered.delete(oldest)
    }
    return outcome
  }

  const outcomeOf = (name: string, registry: string): Promise<Outcome> => {
    const known = remembered.get(name)
    if (known !== undefined && Date.now() < known.until) return Promise.resolve(known.outcome)
    const other = underWay.get(name)
    if (other !== undefined) return other
    const asking = gate.pass(() => renewed(name, registry)).finally(() => underWay.delete(name))
    underWay.set(name, asking)
    return asking
  }

  return async (host) => {
    const names = namesOf(host)
    const [shortest = host] = names
    const registry = names.length === 0 ? undefined : registryOf(names.at(-1)!)
    if (names.length === 0) return { domain: host, error: "not the name of a domain" }
    if (registry === undefined)
      return { domain: shortest, error: `no registry is known for .${shortest.split(".").at(-1)}` }
    let silent: Probe.Registration | undefined
    for (const name of names) {
      const outcome = await outcomeOf(name, registry)
      if (outcome.is === "failed") return { domain: name, error: outcome.why, isUnknown: true }
      if (outcome.is === "unregistered") continue
      const { registrar, expiresAt } = outcome.registration
      if (registrar !== undefined || expiresAt !== undefined) return outcome.registration
      // Some registries know of the domains under which they register others, and say nothing of them.
      silent ??= outcome.registration
    }
    return silent ?? { domain: shortest, error: "not registered" }
  }
}

/** The names that may be the registered one, from two labels on. */
const namesOf = (host: string): readonly string[] => {
  if (Address.ofHost(host) !== undefined) return []
  const labels = Connection.ascii(host).toLowerCase().split(".")
  return Array.from({ length: Math.max(0, labels.length - 1) }, (_, index) =>
    labels.slice(-2 - index).join("."),
  )
    .filter((name) => name.length > 3)
    .slice(0, Limits.names)
}

const asked = async (name: string, registry: string, means: Means): Promise<Outcome> => {
  const probe = Probe.make({ url: `${registry}domain/${name}`, headers: { Accept: "application/rdap+json" } })
  const url = ProbeUrl.parse(probe.url)
  if (Result.isFailure(url)) return { is: "failed", why: "the address of the registry is invalid" }
  const attempt = new Attempt(probe, url.success, means)
  try {
    const time = Math.min(Limits.registry, means.timeout)
    await attempt.within(time, Http.exchange(attempt, Limits.registration))
    const { statusCode, body = "" } = attempt.seen
    if (statusCode === 404) return { is: "unregistered" }
    if (statusCode !== 200) return { is: "failed", why: `the registry answers status ${statusCode}` }
    const registration = Registered.read(name, body)
    if (registration === undefined)
      return { is: "failed", why: "the registry answers what is no registration" }
    return { is: "registered", registration }
  } catch (cause) {
    const failure = ofError(cause)
    if (failure instanceof Unknown) throw failure
    return { is: "failed", why: `the registry fails: ${failure.reason}` }
  } finally {
    attempt.end()
  }
}
