/** What the laws of stores are tried with: sample projects, channels and checks, and steps that are taken with them. */
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type { Expiry } from "@overdue/core/Expiry"
import type { NewGroup } from "@overdue/core/Group"
import type * as Listing from "@overdue/core/Listing"
import type * as Machine from "@overdue/core/Machine"
import type { ApiKey, Project } from "@overdue/core/Project"
import * as Cron from "@overdue/core/schedule/Cron"
import * as Every from "@overdue/core/schedule/Every"
import type { Store, StoreError } from "@overdue/core/Store"
import type { Loaded, Selection } from "@overdue/core/UnitOfWork"
import { hour, minute, type Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { Changes } from "@overdue/engine/Changes"

/** A store. */
export type Stored = Store["Service"]

/** Registers a law: its sentence, and an effect on an empty store that fails when the store breaks it. */
export type Law = (sentence: string, shown: (store: Stored) => Effect.Effect<unknown, StoreError>) => void

/** When the world begins. */
export const start: Instant = Date.UTC(2026, 0, 1)

const never: Instant = Number.MIN_SAFE_INTEGER
/** When nothing is old. */
export const nothingOld: Expiry = {
  deliveries: never,
  flips: never,
  blind: never,
  samples: { raw: never, minute: never, hour: never },
}

/** Returns a lower-case UUID for the kind and the number of a record. */
const id = (kind: string, n: number): string =>
  `${kind.padEnd(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`

/** Returns the id of project `n`. */
export const projectId = (n: number): string => id("a", n)
/** Returns the id of check `n`. */
export const checkId = (n: number): string => id("c", n)
/** Returns the id of channel `n`. */
export const channelId = (n: number): string => id("e", n)

/** Returns project `n`, with other values for the given fields. */
export const project = (n: number, given: Partial<Project> = {}): Project => ({
  id: projectId(n),
  name: `project ${n}`,
  pingKey: `ping-key-${n}`,
  badgeKey: id("b", n),
  zone: "Europe/Riga",
  checkLimit: 500,
  pingLogLimit: 100,
  silencedUntil: undefined,
  createdAt: start,
  ...given,
})

/** Returns API key `n` of project 1, with other values for the given fields. */
export const apiKey = (n: number, given: Partial<ApiKey> = {}): ApiKey => ({
  digest: String(n).repeat(64).slice(0, 64),
  project: projectId(1),
  access: "read-write",
  hint: `${n}xyz`,
  label: `key ${n}`,
  createdAt: start,
  ...given,
})

/** Returns channel `n` of project 1, with other values for the given fields. */
export const channel = (n: number, given: Partial<Channel.Channel> = {}): Channel.Channel => ({
  ...Channel.make({
    id: channelId(n),
    project: projectId(1),
    name: `channel ${n}`,
    kind: "webhook",
    value: { url_down: `http://127.0.0.1/${n}` },
    createdAt: start,
  }),
  ...given,
})

/** Returns the id of group `n`. */
export const groupId = (n: number): string => id("f", n)

/** Returns group `n` of project 1, with other values for the given fields. */
export const group = (n: number, given: Partial<NewGroup> = {}): NewGroup => ({
  id: groupId(n),
  project: projectId(1),
  name: `group ${n}`,
  color: "",
  extension: {},
  createdAt: start,
  updatedAt: start,
  ...given,
})

/** All checks of a project by their numbers, on one page. */
export const all: Listing.Query = {
  where: {},
  by: "serial",
  isDescending: false,
  offset: 0,
  limit: 1_000,
  now: start,
}

/** A schedule that is due every day at 22:00 in Riga. */
export const nightly = Result.getOrThrow(
  Cron.parse("0 22 * * *", Result.getOrThrow(Zone.make("Europe/Riga"))),
)

/**
 * Returns check `n`, by default of project 1, which is expected every hour, with a minute of grace, once it has been
 * heard of.
 */
export const check = (
  n: number,
  given: { readonly project?: string; readonly details?: Partial<Check.Details> } = {},
  policy: Partial<Check.Policy> = {},
): Check.Check =>
  Check.make({
    id: checkId(n),
    project: given.project ?? projectId(1),
    badgeKey: id("d", n),
    createdAt: start,
    details: { name: `check ${n}`, ...given.details },
    policy: {
      ...Check.healthchecksPolicy,
      runs: "every",
      schedule: Every.make(hour),
      grace: minute,
      ...policy,
    },
  })

/** Returns why something failed; `none` when it did not. */
export const reasonOf = (effect: Effect.Effect<unknown, StoreError>) =>
  Effect.match(effect, { onFailure: ({ reason }) => reason, onSuccess: () => "none" })

/** Writes new checks. */
export const create = (store: Stored, ...checks: readonly Check.Check[]) =>
  store.transact({}, () => ({ result: undefined, checks }))

/** Applies an event to checks in one unit of work, as the engine does. */
export const happen = (
  store: Stored,
  ids: readonly string[],
  event: Machine.Event,
  now: Instant,
  body?: Uint8Array,
) => happenTo(store, { checks: ids }, { event, now, body })

/** Does the same to the checks that a selection names by their ids. */
export const happenTo = (
  store: Stored,
  selection: Selection,
  {
    event,
    now,
    body,
  }: { readonly event: Machine.Event; readonly now: Instant; readonly body?: Uint8Array | undefined },
) =>
  store.transact(selection, (loaded) => {
    const changes = new Changes(loaded)
    for (const one of selection.checks ?? []) {
      const found = changes.check(one)
      if (found !== undefined) step(changes, found, event, now, body)
    }
    return changes.decide(changes.isTold)
  })

/** Applies an event to a check, and logs the ping when the event is a signal. */
export const step = (
  changes: Changes,
  found: Check.Check,
  event: Machine.Event,
  now: Instant,
  body?: Uint8Array,
  idempotencyKey?: string,
): void => {
  const { logged } = changes.step(found, event, now)
  if (logged === undefined) return
  changes.log({
    check: found.id,
    n: logged.n,
    at: logged.at,
    kind: logged.kind,
    rid: "rid" in event ? event.rid : undefined,
    exitStatus: event.type === "fail" ? 1 : undefined,
    duration: logged.duration,
    scheme: "http",
    remoteAddress: "192.0.2.7",
    method: "GET",
    userAgent: "laws/1",
    body,
    idempotencyKey,
  })
}

/**
 * Creates project 1, its channels 1 and 2, and checks from 1 on that tell both. Each check has a success at `start`.
 */
export const furnish = Effect.fnUntraced(function* (store: Stored, checks: number) {
  yield* store.createProject({ project: project(1), keys: [] })
  yield* store.createChannel(channel(1))
  yield* store.createChannel(channel(2))
  const numbers = Array.from({ length: checks }, (_, index) => index + 1)
  const details = { channels: [channelId(1), channelId(2)] }
  yield* create(store, ...numbers.map((n) => check(n, { details })))
  yield* happen(store, numbers.map(checkId), { type: "success" }, start)
})

/** Reads a selection, and changes nothing. */
export const read = <A>(store: Stored, selection: Selection, pick: (loaded: Loaded) => A) =>
  store.transact(selection, (loaded) => ({ result: pick(loaded) }))
