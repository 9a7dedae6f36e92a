/** Authentication and authorization: turns a request into a caller, or into the reason why it is refused. */
import type { Access, Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as Projects from "@overdue/engine/queries/Projects"
import { TurnedAway } from "@overdue/engine/TurnedAway"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Inbound } from "../http/Http.ts"
import { Site } from "../Site.ts"
import * as Keys from "./Keys.ts"
import * as Protection from "./Protection.ts"

/** The access that an operation requires: any key of the project can `read`, a read-only key cannot `write`. */
export type Need = "read" | "write"

/** Who sent a request, the project that they have access to, and the access that they have. */
export type Caller = {
  readonly project: Project
  readonly access: Access
} & (
  | {
      /** The request carried an API key of the project. */
      readonly by: "key"
    }
  | {
      /** The host application vouches for the request. */
      readonly by: "host"
      /** The host's name for its user, if it gave one. */
      readonly user: string | undefined
    }
)

/** The access that a host application grants to a request. */
export interface Grant {
  /** Id of the project. */
  readonly project: string
  readonly access: Access
  /** The host's name for its user. */
  readonly user?: string
}

/**
 * A host application's decision about a request without an API key: it may know its users by a session cookie, say.
 * Returns the access that the request has, or `undefined` for none. An error is answered with a 500 and logged.
 *
 * Browsers also send cookies with requests that other sites cause (CSRF). A host that grants `read-write` by a cookie
 * must refuse those: by `SameSite=Strict`, or by the header `Sec-Fetch-Site`.
 */
export type Authorize = (inbound: Inbound) => Grant | undefined | Promise<Grant | undefined>

/** The host application's decision; by default none, so that every request needs an API key. */
export const Authorize = Context.Reference<Authorize | undefined>("@overdue/server/Authorize", {
  defaultValue: () => undefined,
})

/** Is told each API key that has opened something; by default nobody is. It must not throw. */
export const Witness = Context.Reference<((key: string) => void) | undefined>("@overdue/server/Witness", {
  defaultValue: () => undefined,
})

/** The request carries no API key, and no host application grants it access. */
export class KeyMissing extends Schema.TaggedError<KeyMissing>()("KeyMissing", {}) {}

/** The API key is unknown or was deleted, or the project is gone. */
export class KeyWrong extends Schema.TaggedError<KeyWrong>()("KeyWrong", {}) {}

/** The caller has read-only access, and the operation writes. */
export class ReadOnly extends Schema.TaggedError<ReadOnly>()("ReadOnly", {}) {}

/** The API key, or wrong ones from the same network, were used as often in the last minute as the operator allows. */
export class TooManyRequests extends Schema.TaggedError<TooManyRequests>()("TooManyRequests", {
  /** Whole seconds until the next request is accepted. */
  seconds: Schema.Int,
}) {}

/** Why a request is refused. Each dialect has its own status and words for each. */
export type Refusal = KeyMissing | KeyWrong | ReadOnly | TooManyRequests

/** What an operation requires, and what the request offers. */
export interface Door {
  readonly need: Need
  /** The API key, from wherever the dialect has it (header, path, body); `undefined` when the request carries none. */
  readonly key: string | undefined
}

/**
 * Returns the caller. A request with an API key is judged by the key alone, and counted against the key's limit; one
 * without is the host application's to judge. Fails with the reason of the refusal.
 */
export const open = Effect.fnUntraced(function* (
  inbound: Inbound,
  { need, key }: Door,
): Effect.fn.Return<Caller, Refusal | Store.StoreError, Store.Store | Site> {
  if (key === undefined) return yield* permit(yield* byHost(inbound), need)
  const digest = Keys.digest((yield* Site).secret, key)
  const opened = yield* Projects.byApiKey(digest)
  if (opened === undefined) return yield* wrong(inbound)
  ;(yield* Witness)?.(key)
  const caller = yield* permit({ by: "key", ...opened }, need)
  const seconds = yield* Protection.take(digest)
  return seconds > 0 ? yield* tooMany(seconds, "their key was used too often") : caller
})

/** Fails because of a wrong key: the first ones of a network are told so, and further ones to wait. */
export const wrong = Effect.fnUntraced(function* (
  inbound: Inbound,
): Effect.fn.Return<never, KeyWrong | TooManyRequests> {
  const seconds = yield* Protection.takeWrongKey(inbound)
  return yield* seconds > 0 ? tooMany(seconds, "too many wrong keys came from their network") : new KeyWrong()
})

const tooMany = Effect.fnUntraced(function* (seconds: number, why: string) {
  ;(yield* TurnedAway)(why)
  return yield* new TooManyRequests({ seconds })
})

/** Returns the token of `Authorization: Bearer TOKEN` (RFC 6750 §2.1); `undefined` when the request has none. */
export const bearer = ({ header }: Inbound): string | undefined =>
  /^Bearer +(.*)$/i.exec(header("authorization") ?? "")?.[1]

/**
 * Returns the key that is the user name of `Authorization: Basic …` (RFC 7617 §2), whatever the password; `undefined`
 * when the request has none. A user name ends at the first colon, but keys may contain colons: one of the usual length
 * is whole.
 */
export const basicKey = ({ header }: Inbound): string | undefined => {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(header("authorization") ?? "")?.[1]
  if (encoded === undefined) return undefined
  const credentials = Buffer.from(encoded, "base64").toString()
  const end = credentials[Keys.length] === ":" ? Keys.length : credentials.indexOf(":")
  return end > 0 ? credentials.slice(0, end) : undefined
}

const permit = (caller: Caller, need: Need): Effect.Effect<Caller, ReadOnly> =>
  need === "write" && caller.access === "read-only" ? Effect.fail(new ReadOnly()) : Effect.succeed(caller)

const byHost = Effect.fnUntraced(function* (inbound: Inbound) {
  const authorize = yield* Authorize
  const grant = yield* Effect.promise(async () => authorize?.(inbound))
  if (grant === undefined) return yield* new KeyMissing()
  // From code that need not be typed: a word that is not known must not open anything.
  if (grant.access !== "read-only" && grant.access !== "read-write") {
    return yield* Effect.die(
      new TypeError(
        `authorize granted access ${JSON.stringify(grant.access)}: expected read-only or read-write`,
      ),
    )
  }
  const store = yield* Store.Store
  const project = yield* store.project(grant.project)
  if (project === undefined) return yield* new KeyWrong()
  return { by: "host", project, access: grant.access, user: grant.user } satisfies Caller
})
