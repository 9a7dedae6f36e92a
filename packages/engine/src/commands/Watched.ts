/** The server that a threshold watches: of the same project, and there when the threshold is made or is to watch it. */
import * as Check from "@overdue/core/Check"
import * as Conditions from "@overdue/core/probe/Conditions"
import * as Threshold from "@overdue/core/probe/Threshold"
import type { StoreError } from "@overdue/core/Store"
import type { Loaded } from "@overdue/core/UnitOfWork"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { ServerNotFound } from "../CommandError.ts"

/** A unit of work has not read the server that a plan is about. */
export class Unread {
  readonly server: string

  constructor(server: string) {
    this.server = server
  }
}

/** Who is to watch a server, and what was read for that. */
export interface Watching {
  readonly loaded: Pick<Loaded, "check">
  readonly project: string
  readonly existing: Check.Check | undefined
  /** Id of the server that was read. */
  readonly read: string | undefined
}

/**
 * Returns why a plan cannot be; `undefined` when it can. A threshold whose server was deleted may stay as it is, and ask
 * nothing else.
 */
export const refusal = (
  { policy }: Check.Plan,
  { loaded, project, existing, read }: Watching,
): ServerNotFound | Unread | undefined => {
  const server = Threshold.serverOf(policy)
  if (server === undefined || limitOf(policy) === limitOf(existing?.policy)) return undefined
  if (server !== read) return new Unread(server)
  const found = loaded.check(server)
  const isServer = found !== undefined && found.project === project && Check.familyOf(found) === "server"
  return isServer && server !== existing?.id ? undefined : new ServerNotFound({ server })
}

/** Returns what a threshold watches, and which limit it has, as a text; of every other probe the same. */
const limitOf = (policy: Check.Policy | undefined): string => {
  const watched = policy?.probe && Threshold.watched(policy.probe)
  if (policy?.probe === undefined || watched === undefined) return ""
  return JSON.stringify([watched.server, watched.series, Conditions.question(policy.probe.conditions)])
}

/** Runs a unit of work, and once more with the server that it turns out to need. */
export const reading = Effect.fnUntraced(function* <A, E>(
  run: (server: string | undefined) => Effect.Effect<Result.Result<A, E | Unread>, StoreError>,
): Effect.fn.Return<A, E | StoreError> {
  let server: string | undefined
  while (true) {
    const result = yield* run(server)
    if (Result.isSuccess(result)) return result.success
    const { failure } = result
    if (!(failure instanceof Unread)) return yield* Effect.fail(failure)
    server = failure.server
  }
})
