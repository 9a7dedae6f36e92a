/** What is done with uptime monitors: they are listed, created, updated, switched and deleted. */
import * as Address from "@overdue/core/Address"
import type * as Check from "@overdue/core/Check"
import * as Probe from "@overdue/core/Probe"
import * as Create from "@overdue/engine/commands/Create"
import * as Update from "@overdue/engine/commands/Update"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { json } from "../../http/Http.ts"
import type { Request } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Forms from "../../rest/Forms.ts"
import { Site } from "../../Site.ts"
import * as Answers from "./Answers.ts"
import * as Resource from "./Resource.ts"
import * as ResourceFields from "./ResourceFields.ts"
import * as Subject from "./Subject.ts"

/** Uptime monitors among checks. */
export const kind: Subject.Kind = {
  family: "probe",
  what: Resource.resource,
  show: (check, moment, { access }) => Resource.show(check, moment, access),
}

/** Returns the uptime monitor that a path names. */
export const subject = (request: Pick<Request, "project" | "path">) => Subject.of(kind, request)

/** Answers with a page of the uptime monitors of a service. */
export const list = Subject.list(kind)

/** Answers with an uptime monitor. */
export const get = Subject.get(kind)

/** Answers with the places from which it is asked. */
export const regions = Effect.fnUntraced(function* (request: Request) {
  const { policy } = yield* subject(request)
  return json(200, { regions: policy.probe?.regions ?? [] })
})

/** What the installation says of probes. */
const around = Effect.map(
  Site,
  ({ probeEvery: every = Probe.defaults.every, mayAsk = Address.isPublic }) => ({
    every,
    mayAsk,
  }),
)

const readCreation = Subject.creation(ResourceFields.reader(ResourceFields.Creation))

/** Creates an uptime monitor, which is asked for the first time at once. */
export const create = Effect.fnUntraced(function* (request: Request) {
  const given = yield* readCreation(request)
  const surroundings = yield* around
  const { check } = yield* Create.unnamed({
    project: request.project.id,
    plan: (existing, channels) => Resource.plan({ ...given, ...surroundings }, existing, channels),
  })
  return Answers.created(Resource.resource, check.id)
})

const readUpdate = Subject.changes(kind, ResourceFields.reader(ResourceFields.Update))

/** Updates an uptime monitor, and answers with it. */
export const update = Effect.fnUntraced(function* (request: Request) {
  const before = yield* subject(request)
  const { project, id } = before
  const given = yield* readUpdate(before, request)
  const surroundings = yield* around
  const check = yield* Update.run({
    project,
    id,
    plan: (existing, channels) => Resource.plan({ ...given, ...surroundings }, existing, channels),
  })
  const shown = Resource.show(check, yield* Subject.presently, request.access)
  return json(200, { message: "Resource updated", ...shown })
})

/** What an uptime monitor is switched on or off with. */
export const Status = Schema.Struct({
  enabled: Schema.Boolean.annotate({
    description: "Whether it is asked.",
    message: "must be true or false",
  }),
})

const readStatus = Fields.reader(Status)

/** Switches an uptime monitor on or off. */
export const setStatus = Effect.fnUntraced(function* (request: Request) {
  const { project, id } = yield* subject(request)
  const { enabled } = yield* readStatus(Forms.withFlags(request.fields, ["enabled"]))
  yield* Update.run({
    project,
    id,
    isOn: enabled,
    plan: (existing: Check.Check) => Result.succeed(existing),
  })
  return Answers.changed(`Resource ${enabled ? "enabled" : "disabled"}`, id)
})

/** Deletes an uptime monitor. */
export const remove = Subject.remove(kind)

/** Deletes several uptime monitors: all, or none. */
export const removeSeveral = Subject.removeSeveral(kind)
