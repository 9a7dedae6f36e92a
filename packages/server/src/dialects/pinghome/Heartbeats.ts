/** What is done with heartbeats: they are listed, created, updated and deleted. */
import * as Check from "@overdue/core/Check"
import * as Uuid from "@overdue/core/Uuid"
import * as Create from "@overdue/engine/commands/Create"
import * as Delete from "@overdue/engine/commands/Delete"
import * as Update from "@overdue/engine/commands/Update"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Numbered from "@overdue/engine/queries/Numbered"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { json } from "../../http/Http.ts"
import * as LongJson from "../../http/LongJson.ts"
import { NotFound, type Request } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Answers from "./Answers.ts"
import * as Heartbeat from "./Heartbeat.ts"
import * as Parameters from "./Parameters.ts"
import * as Services from "./Services.ts"

const { heartbeat } = Heartbeat

/** When, and with which blind spans, checks are looked at. */
export const presently = Effect.all({ now: SteadyClock.now, blind: Checks.blind })

/** Returns the id that a text is. Fails with that there is no such thing when it is none. */
export const identified = (given: string, what: string) => {
  const id = Uuid.parse(given)
  return id === undefined ? Effect.fail(new NotFound({ what })) : Effect.succeed(id)
}

const isJob = (check: Check.Check): boolean => Check.familyOf(check) === "job"

/** Returns the check that a path names. Fails when the project has no such heartbeat. */
export const subject = Effect.fnUntraced(function* ({ project, path }: Request) {
  const check = yield* Checks.get(project.id, yield* identified(path["id"]!, heartbeat))
  return isJob(check) ? check : yield* new NotFound({ what: heartbeat })
})

/** Answers with a page of the heartbeats of a service. */
export const list = Effect.fnUntraced(function* ({ project, path, query, root }: Request) {
  const group = yield* Services.find(project.id, path["id"]!)
  const paging = yield* Parameters.paging(query)
  const moment = yield* presently
  const { checks, total } = yield* Numbered.page(project.id, {
    where: { group, family: "job" },
    by: "serial",
    isDescending: true,
    offset: (paging.page - 1) * paging.limit,
    limit: paging.limit,
    now: moment.now,
  })
  const scene = { ...moment, root }
  const shown = yield* LongJson.list(checks, ({ check }) => Heartbeat.show(check, scene))
  return yield* Answers.page(shown, paging, total)
})

/** Answers with a heartbeat. */
export const get = Effect.fnUntraced(function* (request: Request) {
  const check = yield* subject(request)
  return json(200, Heartbeat.show(check, { ...(yield* presently), root: request.root }))
})

/** A service that is named in a body, and that the project does not have, is a fault of the body. */
export const groupOf = (project: string, service: string) =>
  Effect.mapError(Services.find(project, service), (error) =>
    error._tag === "NotFound" ? Fields.invalid("service_id", "is no service of the project") : error,
  )

const readCreation = Heartbeat.reader(Heartbeat.Creation)

/** Creates a heartbeat. */
export const create = Effect.fnUntraced(function* ({ project, fields, root }: Request) {
  const { service_id: service, ...given } = yield* readCreation(fields)
  const group = yield* groupOf(project.id, service)
  const now = yield* SteadyClock.now
  const { check } = yield* Create.unnamed({
    project: project.id,
    isOn: given.enabled,
    plan: (existing, channels) =>
      Result.succeed(Heartbeat.plan({ ...given, group, now }, existing, channels)),
  })
  return Answers.created(heartbeat, check.id, { url: Heartbeat.urlOf(root, check.id) })
})

const readUpdate = Heartbeat.reader(Heartbeat.Update)

/** Updates a heartbeat. */
export const update = Effect.fnUntraced(function* (request: Request) {
  const { project, id } = yield* subject(request)
  const { service_id: service, ...given } = yield* readUpdate(request.fields)
  const group = service === undefined ? {} : { group: yield* groupOf(project, service) }
  const now = yield* SteadyClock.now
  yield* Update.run({
    project,
    id,
    isOn: given.enabled,
    plan: (existing, channels) =>
      Result.succeed(Heartbeat.plan({ ...given, ...group, now }, existing, channels)),
  })
  return Answers.changed("Heartbeat updated", id)
})

/** Deletes a heartbeat. */
export const remove = Effect.fnUntraced(function* ({ project, path }: Request) {
  const id = yield* identified(path["id"]!, heartbeat)
  yield* Delete.run({ project: project.id, id, is: isJob })
  return Answers.changed("Heartbeat deleted", id)
})

/** The most heartbeats that are deleted at once: nobody else can change anything meanwhile. */
export const mostDeleted = 100

/** What a parameter with ids is called: in an example, by clients that write lists, and in the text. */
const names = ["id", "id[]", "heartbeat_ids", "heartbeat_ids[]"]

/** Returns the ids in a query by one of some names. */
export const identifiedIn = Effect.fnUntraced(function* (
  query: URLSearchParams,
  names: readonly string[],
  what: string,
) {
  const given = names.flatMap((name) => query.getAll(name)).flatMap((ids) => ids.split(","))
  const named = given.map((id) => id.trim()).filter((id) => id !== "")
  if (named.length === 0) return yield* Fields.invalid("id", "is required")
  if (named.length > mostDeleted)
    return yield* Fields.invalid("id", `must be given at most ${mostDeleted} times`)
  return [...new Set(yield* Effect.forEach(named, (id) => identified(id, what)))]
})

/** Deletes several heartbeats: all, or none. */
export const removeSeveral = Effect.fnUntraced(function* ({ project, query }: Request) {
  const ids = yield* identifiedIn(query, names, heartbeat)
  yield* Delete.several(project.id, ids, isJob)
  return Answers.deleted("Heartbeats deleted", ids)
})
