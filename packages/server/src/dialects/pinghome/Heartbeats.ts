/** What is done with heartbeats: they are listed, created, updated and deleted. */
import * as Create from "@overdue/engine/commands/Create"
import * as Update from "@overdue/engine/commands/Update"
import * as Numbered from "@overdue/engine/queries/Numbered"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { json } from "../../http/Http.ts"
import * as LongJson from "../../http/LongJson.ts"
import type { Request } from "../../rest/Endpoint.ts"
import * as Answers from "./Answers.ts"
import * as Heartbeat from "./Heartbeat.ts"
import * as Parameters from "./Parameters.ts"
import * as Services from "./Services.ts"
import * as Subject from "./Subject.ts"

/** Heartbeats among checks: all that a job reports to, whichever dialect has made them. */
export const kind: Subject.Kind = { family: "job", what: Heartbeat.heartbeat }

/** Returns the heartbeat that a path names. */
export const subject = (request: Pick<Request, "project" | "path">) => Subject.of(kind, request)

/** Answers with a page of the heartbeats of a service. */
export const list = Effect.fnUntraced(function* ({ project, path, query, root }: Request) {
  const group = yield* Services.find(project.id, path["id"]!)
  const paging = yield* Parameters.paging(query)
  const moment = yield* Subject.presently
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
  return json(200, Heartbeat.show(check, { ...(yield* Subject.presently), root: request.root }))
})

const readCreation = Heartbeat.reader(Heartbeat.Creation)

/** Creates a heartbeat. */
export const create = Effect.fnUntraced(function* ({ project, fields, root }: Request) {
  const { service_id: service, ...given } = yield* readCreation(fields)
  const group = yield* Services.groupOf(project.id, service)
  const now = yield* SteadyClock.now
  const { check } = yield* Create.unnamed({
    project: project.id,
    isOn: given.enabled,
    plan: (existing, channels) =>
      Result.succeed(Heartbeat.plan({ ...given, group, now }, existing, channels)),
  })
  return Answers.created(kind.what, check.id, { url: Heartbeat.urlOf(root, check.id) })
})

const readUpdate = Heartbeat.reader(Heartbeat.Update)

/** Updates a heartbeat. */
export const update = Effect.fnUntraced(function* (request: Request) {
  const { project, id } = yield* subject(request)
  const { service_id: service, ...given } = yield* readUpdate(request.fields)
  const group = service === undefined ? {} : { group: yield* Services.groupOf(project, service) }
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
export const remove = Subject.remove(kind)

/** Deletes several heartbeats: all, or none. */
export const removeSeveral = Subject.removeSeveral(kind)
