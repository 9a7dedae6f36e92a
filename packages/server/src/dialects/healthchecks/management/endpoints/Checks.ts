/** The endpoints of checks: list, get, create, update, pause, resume, delete. */
import * as Dependence from "@overdue/core/Dependence"
import type { Channel } from "@overdue/core/Channel"
import type { Check, Plan } from "@overdue/core/Check"
import * as Format from "@overdue/core/document/Format"
import * as Policy from "@overdue/core/Policy"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import * as Create from "@overdue/engine/commands/Create"
import * as Delete from "@overdue/engine/commands/Delete"
import * as Pause from "@overdue/engine/commands/Pause"
import * as Resume from "@overdue/engine/commands/Resume"
import * as Update from "@overdue/engine/commands/Update"
import * as Failure from "@overdue/engine/Failure"
import * as Checks from "@overdue/engine/queries/Checks"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { empty } from "../../../../http/Http.ts"
import * as SlicedBody from "../../../../http/SlicedBody.ts"
import * as Json from "../../Json.ts"
import { dialogues, ofBirth, uniqueKey } from "../../checks/Versions.ts"
import * as FieldReader from "../../../FieldReader.ts"
import * as Watched from "../../../Watched.ts"
import * as CheckDetails from "../CheckDetails.ts"
import * as Answer from "../Answer.ts"
import { BadRequest, type Authorized, type Endpoint } from "../Endpoint.ts"
import * as RequestBody from "../RequestBody.ts"
import * as Spec from "../../checks/Spec.ts"
import * as Schemas from "@overdue/core/document/Schemas"
import * as When from "@overdue/core/document/When"

const list = (request: Authorized) => {
  const { version, access, defaults, root, project, query } = request
  const what = JSON.stringify(["checks", version, access, defaults, root, String(query)])
  return SlicedBody.inTurn({ project: project.id, what }, makeList(request))
}

const makeList = Effect.fnUntraced(function* (request: Authorized) {
  const { query } = request
  const slug = query.getAll("slug").at(-1)
  const moment = yield* presently
  const checks = Checks.list(request.project.id, {
    ...(slug === undefined || slug === "" ? {} : { slug }),
    tags: query.getAll("tag"),
  })
  return yield* Json.list("checks", checks, (some) => shown(request, some, moment))
})

const get = Effect.fnUntraced(function* (request: Authorized) {
  return yield* answer(200, request, yield* named(request))
})

const getByUniqueKey = Effect.fnUntraced(function* (request: Authorized) {
  const check = yield* byUniqueKey(request)
  return check === undefined ? empty(404) : yield* answer(200, request, check)
})

const create = Effect.fnUntraced(
  function* (request: Authorized) {
    const spec = yield* specOf(request)
    const { check, created } = yield* Create.run({
      project: request.project.id,
      identity: yield* identityOf(request),
      match: matchOf(spec),
      from: startOf(request, spec),
      plan: planOf(request, spec),
    })
    return yield* answer(created ? 201 : 200, request, check)
  },
  (creating, request) =>
    readsMore(request)
      ? Effect.catchTag(creating, "CheckLimitReached", (error) => Effect.succeed(Answer.limitReached(error)))
      : creating,
)

const update = Effect.fnUntraced(function* (request: Authorized) {
  const before = yield* named(request)
  const spec = yield* specOf({ ...request, body: changed(request.body, before) })
  const check = yield* Update.run({
    project: request.project.id,
    id: before.id,
    from: startOf(request, spec),
    plan: planOf(request, spec),
  })
  return yield* answer(200, request, check)
})

const pause = Effect.fnUntraced(function* (request: Authorized) {
  const { id } = yield* named(request)
  return yield* answer(200, request, yield* Pause.run({ project: request.project.id, id }))
})

const resume = Effect.fnUntraced(function* (request: Authorized) {
  const { id } = yield* named(request)
  return yield* answer(200, request, yield* Resume.run({ project: request.project.id, id }))
})

const remove = Effect.fnUntraced(function* (request: Authorized) {
  const id = request.path["uuid"]!
  yield* Failure.ifReadable(named(request))
  const deleted = yield* Delete.run({ project: request.project.id, id })
  return deleted === undefined ? Json.json(200, { uuid: id }) : yield* answer(200, request, deleted)
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path: "/checks/",
    methods: {
      GET: { id: "listChecks", access: "read", run: list },
      POST: { id: "createCheck", access: "write", run: create },
    },
  },
  {
    path: "/checks/{uuid}",
    methods: {
      GET: { id: "getCheck", access: "read", run: get },
      POST: { id: "updateCheck", access: "write", run: update },
      DELETE: { id: "deleteCheck", access: "write", run: remove },
    },
  },
  {
    path: "/checks/{unique_key}",
    methods: { GET: { id: "getCheck", access: "read", run: getByUniqueKey } },
  },
  { path: "/checks/{uuid}/pause", methods: { POST: { id: "pauseCheck", access: "write", run: pause } } },
  { path: "/checks/{uuid}/resume", methods: { POST: { id: "resumeCheck", access: "write", run: resume } } },
]

/** Returns the check whose id is in the path. */
export const named = ({ project, path }: Authorized) => Checks.get(project.id, path["uuid"]!)

/** Returns the check of the project whose unique key is in the path; `undefined` when there is none. */
export const byUniqueKey = ({ project, path }: Authorized) =>
  Effect.map(Checks.list(project.id), (checks) =>
    checks.find(({ id }) => uniqueKey(id) === path["unique_key"]),
  )

/** Whether the request asks for the fields that Healthchecks does not have. */
export const wantsDetails = (query: URLSearchParams): boolean => query.getAll("details").at(-1) === "1"

const wantsRemarks = (query: URLSearchParams): boolean => query.getAll("remarks").at(-1) === "1"

/** Returns an answer that shows a check, with remarks when they are asked for. */
export const answer = Effect.fnUntraced(function* (status: number, request: Authorized, check: Check) {
  const [document] = yield* shown(request, [check], yield* presently)
  if (!wantsRemarks(request.query)) return Json.json(status, document)
  const others = check.details.after === "" ? [] : yield* Checks.list(request.project.id)
  const remarks = [
    ...Policy.remarks(check.policy, yield* SteadyClock.now, check.details),
    ...Dependence.remarks(check, others),
    ...(yield* Watched.remarks(check)),
  ]
  return Json.json(status, { ...document, remarks })
})

/** What the status of a check depends on besides the check. */
const presently = Effect.all({ now: SteadyClock.now, blind: Checks.blind })

const shown = Effect.fnUntraced(function* (
  request: Authorized,
  checks: readonly Check[],
  { now, blind }: Effect.Success<typeof presently>,
) {
  const { version, defaults, root, access } = request
  const { show } = dialogues[version][defaults]
  const documents = checks.map((check) => show({ check, now, blind, root, api: `/api/v${version}` }, access))
  if (!wantsDetails(request.query)) return documents
  return yield* Effect.forEach(checks, (check, index) =>
    Effect.map(CheckDetails.of(check, { now, blind, access }), (details) => ({
      ...documents[index],
      ...details,
    })),
  )
})

/** Clients of Healthchecks see an error and nothing else, so what helps to correct it is for those who ask. */
const readsMore = ({ defaults, query }: Authorized): boolean => defaults === "own" || wantsRemarks(query)

const specOf = (request: Authorized) =>
  Effect.fromResult(
    Result.mapError(Spec.readers[request.defaults](request.body), ({ text, detail }) =>
      RequestBody.invalid(text, readsMore(request) ? detail : undefined),
    ),
  )

/**
 * Returns what a client asks to change that sends back what it was shown. A check with a probe shows how often it is asked and
 * the grace of its probe as its timeout and its grace, which may be shorter than those of any other check.
 */
const changed = (body: Authorized["body"], { policy: { probe } }: Check): Authorized["body"] => {
  if (probe === undefined) return body
  const shown = new Map([
    ["timeout", Format.exactSeconds(probe.every)],
    ["grace", Format.exactSeconds(probe.grace)],
  ])
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => shown.get(name) !== value))
}

const readIdentity = FieldReader.make({}, { extra: ofBirth })

/** Returns what a new check keeps from another server. Healthchecks, and its older versions here, ignore it. */
const identityOf = ({ version, body }: Authorized) => {
  if (version < 3) return Effect.succeed({})
  return Effect.fromResult(
    Result.mapBoth(readIdentity(body), {
      onFailure: (text) => RequestBody.invalid(text),
      onSuccess: ({ uuid, badge_key }) => ({
        ...(uuid !== undefined && { id: uuid }),
        ...(badge_key !== undefined && { badgeKey: badge_key }),
      }),
    }),
  )
}

/** Returns the function that makes the plan of the check from what the request asks for. */
const planOf =
  ({ version, defaults }: Authorized, spec: Spec.Spec) =>
  (existing: Check | undefined, channels: readonly Channel[]): Result.Result<Plan, BadRequest> =>
    Result.mapError(
      dialogues[version][defaults].plan(spec, { existing, channels, defaults }),
      (text) => new BadRequest({ text }),
    )

/** Healthchecks counts on from the last signal, whatever changes. */
const startOf = ({ defaults }: Authorized, { restart }: Spec.Spec): Create.Start =>
  restart === true ? "now" : defaults === "own" ? undefined : "anchor"

/**
 * Returns what `unique` asks to match; `undefined` when it lists a field that the request leaves out: no check
 * matches.
 */
const matchOf = (spec: Spec.Spec): Omit<UnitOfWork.Match, "project"> | undefined => {
  const { unique = [], timeout, grace } = spec
  if (unique.length === 0 || unique.some((field) => spec[field] === undefined)) return undefined
  const match: { -readonly [K in keyof UnitOfWork.Match]?: UnitOfWork.Match[K] } = {}
  for (const field of unique) {
    // A check with a schedule keeps its last period, and Healthchecks compares that one.
    if (field === "timeout") match.where = (check) => When.of(check).period === Schemas.toSpan(timeout!)
    else if (field === "grace") match.grace = Schemas.toSpan(grace!)
    else match[field] = spec[field]!
  }
  return match
}
