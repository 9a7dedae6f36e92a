/** The checks that paths name: each family has endpoints of its own, which know no other. */
import * as Check from "@overdue/core/Check"
import * as Uuid from "@overdue/core/Uuid"
import { CheckForbidden, CheckNotFound } from "@overdue/engine/CommandError"
import * as Delete from "@overdue/engine/commands/Delete"
import * as Checks from "@overdue/engine/queries/Checks"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import { NotFound, type Request } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Answers from "./Answers.ts"

/** A family, and what its members are called. */
export interface Kind {
  readonly family: Check.Family
  readonly what: string
}

/** When, and with which blind spans, checks are looked at. */
export const presently = Effect.all({ now: SteadyClock.now, blind: Checks.blind })

/** Returns the id that a text is. Fails when it is none. */
export const identified = ({ what }: Kind, given: string) => {
  const id = Uuid.parse(given)
  return id === undefined ? Effect.fail(new NotFound({ what })) : Effect.succeed(id)
}

/** Whether a check is of the family. */
export const isOne =
  ({ family }: Kind) =>
  (check: Check.Check): boolean =>
    Check.familyOf(check) === family

/** Returns the check that a path names. Fails when the project has no such check, or it is of another family. */
export const of = Effect.fnUntraced(function* (
  kind: Kind,
  { project, path }: Pick<Request, "project" | "path">,
) {
  const id = yield* identified(kind, path["id"]!)
  const check = yield* named(kind, Checks.get(project.id, id))
  return isOne(kind)(check) ? check : yield* new NotFound({ what: kind.what })
})

/** The most checks that are deleted at once: nobody else can change anything meanwhile. */
export const mostDeleted = 100

/** What a parameter with ids is called: in an example, by clients that write lists, and in the text. */
const names = ["id", "heartbeat_ids", "server_resource_ids"].flatMap((name) => [name, `${name}[]`])

/** Returns the ids in a query that names several checks. */
const several = Effect.fnUntraced(function* (kind: Kind, query: URLSearchParams) {
  const given = names.flatMap((name) => query.getAll(name)).flatMap((ids) => ids.split(","))
  const named = given.map((id) => id.trim()).filter((id) => id !== "")
  if (named.length === 0) return yield* Fields.invalid("id", "is required")
  if (named.length > mostDeleted)
    return yield* Fields.invalid("id", `must be given at most ${mostDeleted} times`)
  return [...new Set(yield* Effect.forEach(named, (id) => identified(kind, id)))]
})

/** What is not there, or is another project's, is called by what it would be. */
export const named = <A, E, R>(
  { what }: Kind,
  effect: Effect.Effect<A, E | CheckNotFound | CheckForbidden, R>,
) =>
  Effect.mapError(effect, (error) =>
    error instanceof CheckNotFound || error instanceof CheckForbidden ? new NotFound({ what }) : error,
  )

/** Deletes the check that a path names, and answers with its id. */
export const remove = (kind: Kind) =>
  Effect.fnUntraced(function* ({ project, path }: Request) {
    const id = yield* identified(kind, path["id"]!)
    yield* named(kind, Delete.run({ project: project.id, id, is: isOne(kind) }))
    return Answers.changed(`${kind.what} deleted`, id)
  })

/** Deletes the checks that a query names, all or none, and answers with their ids. */
export const removeSeveral = (kind: Kind) =>
  Effect.fnUntraced(function* ({ project, query }: Request) {
    const ids = yield* several(kind, query)
    yield* named(kind, Delete.several(project.id, ids, isOne(kind)))
    return Answers.deleted(`${kind.what}s deleted`, ids)
  })
