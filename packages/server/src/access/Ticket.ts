/**
 * Tickets: what a prober gets with a round that it claims, and gives back with the result. One says which check and round
 * that is and when it was claimed, and is signed, so that nobody hands in what this installation did not give out for
 * this region, and what was asked of the target meanwhile is the same.
 */
import { createHmac } from "node:crypto"
import type { Instant } from "@overdue/core/Time"
import * as Uuid from "@overdue/core/Uuid"
import * as Keys from "./Keys.ts"

/** A round that was claimed. */
export interface Claimed {
  readonly check: string
  readonly at: Instant
  readonly claimedAt: Instant
}

/** Where it is asked from, and what; see `Rounds.question`. */
export interface Terms {
  readonly secret: string
  readonly region: string
  readonly question: string
}

/** Characters of a ticket, at most. */
export const length = 120

/** Returns a ticket. */
export const of = (claimed: Claimed, terms: Terms): string => {
  const named = [claimed.check, claimed.at, claimed.claimedAt].join(".")
  return `${named}.${signature(named, terms)}`
}

/** Returns what a ticket says, and whether it was given out on some terms; `undefined` when it is no ticket. */
export const read = (
  ticket: string,
): (Claimed & { readonly isOn: (terms: Terms) => boolean }) | undefined => {
  const [, named = "", id = "", at, claimedAt, signed = ""] = pattern.exec(ticket) ?? []
  if (named === "") return undefined
  return {
    check: id,
    at: Number(at),
    claimedAt: Number(claimedAt),
    isOn: (terms) => Keys.isSame(signed, signature(named, terms)),
  }
}

const pattern = new RegExp(`^((${Uuid.source})\\.(-?\\d{1,16})\\.(-?\\d{1,16}))\\.([\\w-]{43})$`)

const signature = (named: string, { secret, region, question }: Terms): string =>
  createHmac("sha256", secret)
    .update("overdue ticket\0")
    .update(JSON.stringify([named, region, question]))
    .digest("base64url")
