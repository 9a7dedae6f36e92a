/** What is done with server monitors: they are listed, created, updated and deleted. */
import * as Create from "@overdue/engine/commands/Create"
import * as Update from "@overdue/engine/commands/Update"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Request } from "../../rest/Endpoint.ts"
import * as Answers from "./Answers.ts"
import * as ServerResource from "./ServerResource.ts"
import * as Subject from "./Subject.ts"

const { server } = ServerResource

/** Server monitors among checks. */
export const kind: Subject.Kind = {
  family: "server",
  what: server,
  show: ServerResource.show,
}

/** Returns the server monitor that a path names. */
export const subject = (request: Pick<Request, "project" | "path">) => Subject.of(kind, request)

/** Answers with a page of the servers of a service. */
export const list = Subject.list(kind)

/** Answers with a server. */
export const get = Subject.get(kind)

const readCreation = Subject.creation(ServerResource.reader(ServerResource.Creation))

/** Creates a server monitor. */
export const create = Effect.fnUntraced(function* (request: Request) {
  const { enabled, ...given } = yield* readCreation(request)
  const now = yield* SteadyClock.now
  const { check } = yield* Create.unnamed({
    project: request.project.id,
    isOn: enabled,
    plan: (existing, channels) => Result.succeed(ServerResource.plan({ ...given, now }, existing, channels)),
  })
  return Answers.created(server, check.id)
})

const readUpdate = Subject.changes(kind, ServerResource.reader(ServerResource.Update))

/** Updates a server monitor. */
export const update = Effect.fnUntraced(function* (request: Request) {
  const check = yield* subject(request)
  const { project, id } = check
  const { enabled, ...given } = yield* readUpdate(check, request)
  const now = yield* SteadyClock.now
  yield* Update.run({
    project,
    id,
    isOn: enabled,
    plan: (existing, channels) => Result.succeed(ServerResource.plan({ ...given, now }, existing, channels)),
  })
  return Answers.changed("Server resource updated", id)
})

/** Deletes a server monitor. */
export const remove = Subject.remove(kind)

/** Deletes several server monitors: all, or none. */
export const removeSeveral = Subject.removeSeveral(kind)
