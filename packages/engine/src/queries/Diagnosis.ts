/** Queries for why pings and flips are what they are. */
import { familyOf, type Check } from "@overdue/core/Check"
import * as Diagnosis from "@overdue/core/Diagnosis"
import type { Flip } from "@overdue/core/Flip"
import * as InSlices from "@overdue/core/InSlices"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Failure from "../Failure.ts"
import * as Pings from "./Pings.ts"

/** How many older pings a diagnosis takes into account. */
const reach = 100

/**
 * How many bodies are read, to name the keyword that a filter found. Nothing is said about the filters of older pings.
 */
const bodies = 100

/** Flips that are diagnosed before others have their turn: about a millisecond of work. */
const atOnce = 64

/** Returns the remarks on each of a check's pings, which are newest first. */
export const ofPings = Effect.fnUntraced(function* (check: Check, pings: readonly Store.PingSummary[]) {
  const store = yield* Store.Store
  const { policy, details } = check
  const { isServer } = details
  const blind = yield* store.blind
  const remarks: (readonly Diagnosis.Remark[])[] = []
  for (const [index, ping] of pings.entries()) {
    const isHttp = ping.scheme === "http" || ping.scheme === "https"
    const isRead = index < bodies && policy.filters.httpBody && isHttp
    const body = isRead ? (yield* store.ping(check.id, ping.n))?.body : undefined
    const text = isRead ? { text: new TextDecoder().decode(body) } : {}
    const known = { policy, isServer, blind, pings: pings.slice(index, index + reach), ...text }
    remarks.push(Diagnosis.remarks(Diagnosis.ofPing(known), policy))
  }
  return remarks
})

/** Returns the remarks on a check that neither a ping nor a flip explains. */
export const ofProbing = ({ policy, state }: Check): readonly Diagnosis.Remark[] =>
  Diagnosis.remarks(Diagnosis.ofProbing(state), policy)

/** Returns a finding about a check as remarks. */
export const told = ({ policy }: Check, finding: Diagnosis.Finding): readonly Diagnosis.Remark[] =>
  Diagnosis.remarks([finding], policy)

/**
 * Returns the server that a threshold watches; `gone` when its project has none of this id any more, and `unreadable`
 * when its record is damaged.
 */
export const serverOf = Effect.fnUntraced(function* ({ project }: Pick<Check, "project">, id: string) {
  const store = yield* Store.Store
  const found = yield* Failure.orIfDamaged(store.check(id), () => Effect.succeed("unreadable" as const))
  if (found === "unreadable") return found
  const isServer = found?.project === project && familyOf(found) === "server"
  return found !== undefined && isServer ? found : "gone"
})

/** Returns the remarks on each of a check's flips, which are newest first, as far as their pings are kept. */
export const ofFlips = Effect.fnUntraced(function* (check: Check, flips: readonly Flip[]) {
  const store = yield* Store.Store
  const blind = yield* store.blind
  const pings = yield* store.pings(check.id, { limit: yield* Pings.kept(check.project) })
  const { policy, createdAt } = check
  // The pings of a check are numbered from 1.
  const isWhole = pings.length === 0 ? check.state.pings === 0 : pings.at(-1)!.n === 1
  let newest = 0
  return yield* InSlices.map(flips, atOnce, (flip) => {
    while (newest < pings.length && pings[newest]!.at > flip.at) newest += 1
    const known = pings.slice(newest, newest + reach)
    const made = isWhole && newest + reach >= pings.length ? { createdAt } : {}
    return Diagnosis.remarks(Diagnosis.ofFlip({ policy, blind, pings: known, ...made }, flip), policy)
  })
})
