/** What the laws of stores are tried with: sample projects, channels and checks, and steps that are taken with them. */
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type * as Machine from "@overdue/core/Machine"
import type { ApiKey, Project } from "@overdue/core/Project"
import * as Cron from "@overdue/core/schedule/Cron"
import * as Every from "@overdue/core/schedule/Every"
import type { Loaded, Selection, Store, StoreError } from "@overdue/core/Store"
import { hour, minute, type Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { Changes } from "@overdue/engine/Changes"

export type Stored = Store["Service"]

/** One sentence, and what shows it on a store that is empty at first. */
export type Law = (sentence: string, shown: (store: Stored) => Effect.Effect<unknown, StoreError>) => void

export const start: Instant = Date.UTC(2026, 0, 1)

/** A lower-case UUID for a kind of thing and its number. */
const id = (kind: string, n: number): string =>
  `${kind.padEnd(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`

export const projectId = (n: number): string => id("a", n)
export const checkId = (n: number): string => id("c", n)
export const channelId = (n: number): string => id("e", n)

export const project = (n: number, given: Partial<Project> = {}): Project => ({
  id: projectId(n),
  name: `project ${n}`,
  pingKey: `ping-key-${n}`,
  badgeKey: id("b", n),
  zone: "Europe/Riga",
  checkLimit: 500,
  pingLogLimit: 100,
  createdAt: start,
  ...given,
})

export const apiKey = (n: number, given: Partial<ApiKey> = {}): ApiKey => ({
  digest: String(n).repeat(64).slice(0, 64),
  project: projectId(1),
  access: "read-write",
  hint: `${n}xyz`,
  createdAt: start,
  ...given,
})

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

/** Opens at ten in the evening. */
export const nightly = Result.getOrThrow(
  Cron.parse("0 22 * * *", Result.getOrThrow(Zone.make("Europe/Riga"))),
)

/** A check of the first project that is expected every hour, with a minute of grace. */
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
    policy: { schedule: Every.make(hour), grace: minute, ...policy },
  })

/** Writes checks that are new. */
export const create = (store: Stored, ...checks: readonly Check.Check[]) =>
  store.transact({}, () => ({ result: undefined, checks }))

/** One unit of work, as the engine does it: the same event for every check that the selection finds by id. */
export const happen = (
  store: Stored,
  ids: readonly string[],
  event: Machine.Event,
  now: Instant,
  body?: Uint8Array,
) =>
  store.transact({ checks: ids }, (loaded) => {
    const changes = new Changes(loaded)
    for (const one of ids) {
      const found = changes.check(one)
      if (found !== undefined) step(changes, found, event, now, body)
    }
    return changes.decide(changes.isTold)
  })

/** Steps a check, and logs the ping when the event is one. */
export const step = (
  changes: Changes,
  found: Check.Check,
  event: Machine.Event,
  now: Instant,
  body?: Uint8Array,
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
  })
}

/** Project 1, its channels 1 and 2, and checks 1, 2 and so on that tell both; each had a success at `start`. */
export const furnish = Effect.fnUntraced(function* (store: Stored, checks: number) {
  yield* store.createProject({ project: project(1), keys: [] })
  yield* store.createChannel(channel(1))
  yield* store.createChannel(channel(2))
  const numbers = Array.from({ length: checks }, (_, index) => index + 1)
  const details = { channels: [channelId(1), channelId(2)] }
  yield* create(store, ...numbers.map((n) => check(n, { details })))
  yield* happen(store, numbers.map(checkId), { type: "success" }, start)
})

/** Reads a selection and changes nothing. */
export const read = <A>(store: Stored, selection: Selection, pick: (loaded: Loaded) => A) =>
  store.transact(selection, (loaded) => ({ result: pick(loaded) }))
