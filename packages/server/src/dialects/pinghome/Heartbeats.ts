/** What is done with heartbeats: they are listed, created, updated and deleted. */
import * as Create from "@overdue/engine/commands/Create"
import * as Update from "@overdue/engine/commands/Update"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Request } from "../../rest/Endpoint.ts"
import * as Answers from "./Answers.ts"
import * as Heartbeat from "./Heartbeat.ts"
import * as Subject from "./Subject.ts"

/** Heartbeats among checks: all that a job reports to, whichever dialect has made them. */
export const kind: Subject.Kind = {
  family: "job",
  what: Heartbeat.heartbeat,
  show: (check, moment, { root }) => Heartbeat.show(check, { ...moment, root }),
}

/** Returns the heartbeat that a path names. */
export const subject = (request: Pick<Request, "project" | "path">) => Subject.of(kind, request)

/** Answers with a page of the heartbeats of a service. */
export const list = Subject.list(kind)

/** Answers with a heartbeat. */
export const get = Subject.get(kind)

const readCreation = Subject.creation(Heartbeat.reader(Heartbeat.Creation))

/** Creates a heartbeat. */
export const create = Effect.fnUntraced(function* (request: Request) {
  const given = yield* readCreation(request)
  const now = yield* SteadyClock.now
  const { check } = yield* Create.unnamed({
    project: request.project.id,
    isOn: given.enabled,
    plan: (existing, channels) => Result.succeed(Heartbeat.plan({ ...given, now }, existing, channels)),
  })
  return Answers.created(kind.what, check.id, { url: Heartbeat.urlOf(request.root, check.id) })
})

const readUpdate = Subject.changes(kind, Heartbeat.reader(Heartbeat.Update))

/** Updates a heartbeat. */
export const update = Effect.fnUntraced(function* (request: Request) {
  const check = yield* subject(request)
  const { project, id } = check
  const given = yield* readUpdate(check, request)
  const now = yield* SteadyClock.now
  yield* Update.run({
    project,
    id,
    isOn: given.enabled,
    plan: (existing, channels) => Result.succeed(Heartbeat.plan({ ...given, now }, existing, channels)),
  })
  return Answers.changed("Heartbeat updated", id)
})

/** Deletes a heartbeat. */
export const remove = Subject.remove(kind)

/** Deletes several heartbeats: all, or none. */
export const removeSeveral = Subject.removeSeveral(kind)
