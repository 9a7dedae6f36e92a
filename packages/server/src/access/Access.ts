/** Who asks, and whether they may: turns a request into a caller, or into the reason why it is refused. */
import type { Access, Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as Projects from "@overdue/engine/queries/Projects"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Inbound } from "../http/Http.ts"
import { Site } from "../Site.ts"
import * as Keys from "./Keys.ts"
import * as Protection from "./Protection.ts"

/** What a request is about to do: `read` takes any key of the project, `write` one that is not read-only. */
export type Need = "read" | "write"

/** Who asks, the one project that they may ask about, and whether they may change it. */
export type Caller = {
  readonly project: Project
  readonly access: Access
} & (
  | {
      /** Has an API key of the project. */
      readonly by: "key"
    }
  | {
      /** Is known to the host application, which answers for them. */
      readonly by: "host"
      /** The host's name for them, if it gave one. */
      readonly user: string | undefined
    }
)

/** What a host application lets a request do. */
export interface Grant {
  /** Id of the project. */
  readonly project: string
  readonly access: Access
  /** The host's own name for who asks. */
  readonly user?: string
}

/**
 * Asked about requests that carry no API key, by a host application that knows its users in its own way, such as by a
 * cookie. Returns what the request may do; `undefined`: nothing. What it throws is answered with a 500 and logged.
 *
 * A cookie comes with requests that other sites made a browser send: a host that grants `read-write` by cookie must
 * itself refuse those (`SameSite=Strict`, or a look at `Sec-Fetch-Site`).
 */
export type Authorize = (inbound: Inbound) => Grant | undefined | Promise<Grant | undefined>

/** The host application's say; `undefined`: it has none, and only keys count. */
export const Authorize = Context.Reference<Authorize | undefined>("@overdue/server/Authorize", {
  defaultValue: () => undefined,
})

/** The request carries no key, and no host application answers for it. */
export class KeyMissing extends Schema.TaggedError<KeyMissing>()("KeyMissing", {}) {}

/** The key opens nothing: it never did, it was withdrawn, or its project is gone. */
export class KeyWrong extends Schema.TaggedError<KeyWrong>()("KeyWrong", {}) {}

/** The caller may read, and the request is about to write. */
export class ReadOnly extends Schema.TaggedError<ReadOnly>()("ReadOnly", {}) {}

/** The key has made as many requests in the last minute as the operator allows. */
export class TooManyRequests extends Schema.TaggedError<TooManyRequests>()("TooManyRequests", {
  /** Whole seconds until the next request is taken. */
  seconds: Schema.Int,
}) {}

/** Why a request is refused. Each dialect has its own words for each. */
export type Refusal = KeyMissing | KeyWrong | ReadOnly | TooManyRequests

export interface Door {
  readonly need: Need
  /** The API key, found where the dialect has it: a header, the path, a field of the body. `undefined`: there is none. */
  readonly key: string | undefined
}

/**
 * Returns who asks. A request with a key is judged by the key alone, and counted; one without is the host application's.
 * Fails with why it is refused.
 */
export const open = Effect.fnUntraced(function* (
  inbound: Inbound,
  { need, key }: Door,
): Effect.fn.Return<Caller, Refusal | Store.StoreError, Store.Store | Site> {
  if (key === undefined) return yield* permit(yield* byHost(inbound), need)
  const digest = Keys.digest((yield* Site).secret, key)
  const opened = yield* Projects.byApiKey(digest)
  if (opened === undefined) return yield* new KeyWrong()
  const caller = yield* permit({ by: "key", ...opened }, need)
  const seconds = yield* Protection.take(digest)
  return seconds > 0 ? yield* new TooManyRequests({ seconds }) : caller
})

/** Returns the token of `Authorization: Bearer TOKEN` (RFC 6750 §2.1); `undefined` when the request has none. */
export const bearer = ({ header }: Inbound): string | undefined =>
  /^Bearer (.*)$/.exec(header("authorization") ?? "")?.[1]

const permit = (caller: Caller, need: Need): Effect.Effect<Caller, ReadOnly> =>
  need === "write" && caller.access === "read-only" ? Effect.fail(new ReadOnly()) : Effect.succeed(caller)

const byHost = Effect.fnUntraced(function* (inbound: Inbound) {
  const authorize = yield* Authorize
  const grant = yield* Effect.promise(async () => authorize?.(inbound))
  if (grant === undefined) return yield* new KeyMissing()
  const store = yield* Store.Store
  const project = yield* store.project(grant.project)
  if (project === undefined) return yield* new KeyWrong()
  return { by: "host", project, access: grant.access, user: grant.user } satisfies Caller
})
