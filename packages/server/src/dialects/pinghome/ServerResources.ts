/** What is done with server monitors: they are listed, created, updated and deleted. */
import * as Check from "@overdue/core/Check"
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
import * as Answers from "./Answers.ts"
import * as Heartbeats from "./Heartbeats.ts"
import * as Parameters from "./Parameters.ts"
import * as ServerResource from "./ServerResource.ts"
import * as Services from "./Services.ts"

const { server } = ServerResource

/** What the project does not have is a server resource here, and no heartbeat. */
export const named = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.mapError(effect, (error) =>
    typeof error === "object" && error !== null && "_tag" in error && lost.has(error._tag)
      ? new NotFound({ what: server })
      : error,
  )
const lost: ReadonlySet<unknown> = new Set(["CheckNotFound", "CheckForbidden"])

const isServer = (check: Check.Check): boolean => Check.familyOf(check) === "server"

/** Returns the check that a path names. Fails when the project has no such server. */
export const subject = Effect.fnUntraced(function* ({ project, path }: Request) {
  const id = yield* Heartbeats.identified(path["id"]!, server)
  const check = yield* named(Checks.get(project.id, id))
  return isServer(check) ? check : yield* new NotFound({ what: server })
})

/** Answers with a page of the servers of a service. */
export const list = Effect.fnUntraced(function* ({ project, path, query }: Request) {
  const group = yield* Services.find(project.id, path["id"]!)
  const paging = yield* Parameters.paging(query)
  const moment = yield* Heartbeats.presently
  const { checks, total } = yield* Numbered.page(project.id, {
    where: { group, family: "server" },
    by: "serial",
    isDescending: true,
    offset: (paging.page - 1) * paging.limit,
    limit: paging.limit,
    now: moment.now,
  })
  const shown = yield* LongJson.list(checks, ({ check }) => ServerResource.show(check, moment))
  return yield* Answers.page(shown, paging, total)
})

/** Answers with a server. */
export const get = Effect.fnUntraced(function* (request: Request) {
  return json(200, ServerResource.show(yield* subject(request), yield* Heartbeats.presently))
})

const readCreation = ServerResource.reader(ServerResource.Creation)

/** Creates a server monitor. */
export const create = Effect.fnUntraced(function* ({ project, fields }: Request) {
  const { service_id: service, enabled, ...given } = yield* readCreation(fields)
  const group = yield* Heartbeats.groupOf(project.id, service)
  const now = yield* SteadyClock.now
  const { check } = yield* Create.unnamed({
    project: project.id,
    isOn: enabled,
    plan: (existing, channels) =>
      Result.succeed(ServerResource.plan({ ...given, group, now }, existing, channels)),
  })
  return Answers.created(server, check.id)
})

const readUpdate = ServerResource.reader(ServerResource.Update)

/** Updates a server monitor. */
export const update = Effect.fnUntraced(function* (request: Request) {
  const { project, id } = yield* subject(request)
  const { service_id: service, enabled, ...given } = yield* readUpdate(request.fields)
  const group = service === undefined ? {} : { group: yield* Heartbeats.groupOf(project, service) }
  const now = yield* SteadyClock.now
  yield* named(
    Update.run({
      project,
      id,
      isOn: enabled,
      plan: (existing, channels) =>
        Result.succeed(ServerResource.plan({ ...given, ...group, now }, existing, channels)),
    }),
  )
  return Answers.changed("Server resource updated", id)
})

/** Deletes a server monitor. */
export const remove = Effect.fnUntraced(function* ({ project, path }: Request) {
  const id = yield* Heartbeats.identified(path["id"]!, server)
  yield* named(Delete.run({ project: project.id, id, is: isServer }))
  return Answers.changed("Server resource deleted", id)
})

const names = ["id", "id[]", "server_resource_ids", "server_resource_ids[]"]

/** Deletes several server monitors: all, or none. */
export const removeSeveral = Effect.fnUntraced(function* ({ project, query }: Request) {
  const ids = yield* Heartbeats.identifiedIn(query, names, server)
  yield* named(Delete.several(project.id, ids, isServer))
  return Answers.deleted("Server resources deleted", ids)
})
