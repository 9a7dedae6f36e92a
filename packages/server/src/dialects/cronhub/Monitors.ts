/** The endpoints of monitors. */
import * as Check from "@overdue/core/Check"
import * as Create from "@overdue/engine/commands/Create"
import * as Delete from "@overdue/engine/commands/Delete"
import * as Pause from "@overdue/engine/commands/Pause"
import * as Resume from "@overdue/engine/commands/Resume"
import * as Update from "@overdue/engine/commands/Update"
import * as Checks from "@overdue/engine/queries/Checks"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as JsonSchema from "../../docs/JsonSchema.ts"
import * as LongJson from "../../http/LongJson.ts"
import { checkLimit, type Endpoint, type Request } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Answers from "./Answers.ts"
import * as Monitor from "./Monitor.ts"

const presently = Effect.all({ now: SteadyClock.now, blind: Checks.blind })

const read = Fields.reader(Monitor.Arguments)

const subject = ({ project, path }: Request) => ({ project: project.id, id: path["uuid"]! })

const shown = Effect.fnUntraced(function* (check: Check.Check) {
  return Answers.success(Monitor.show(check, yield* presently))
})

const list = Effect.fnUntraced(function* ({ project }: Request) {
  const moment = yield* presently
  const checks = yield* Checks.list(project.id)
  return yield* Answers.listed(yield* LongJson.list(checks, (check) => Monitor.show(check, moment)))
})

const get = (request: Request) => Effect.flatMap(Checks.get(request.project.id, request.path["uuid"]!), shown)

const create = Effect.fnUntraced(function* ({ project, fields }: Request) {
  const given = yield* read(fields)
  const { check } = yield* Create.unnamed({
    project: project.id,
    plan: (existing, channels) => Result.succeed(Monitor.plan(given, existing, channels)),
  })
  // The answer to this request alone says that nothing is known of the monitor yet.
  return Answers.success({ ...Monitor.show(check, yield* presently), status: null })
})

/** Every update has a schedule, by which signals would be expected that never come. */
const noJob = Fields.invalid(
  "schedule",
  "must be left to the API that made the check: it is asked, or measured, and no job reports to it",
)

const update = Effect.fnUntraced(function* (request: Request) {
  yield* Checks.get(request.project.id, request.path["uuid"]!)
  const given = yield* read(request.fields)
  const check = yield* Update.run({
    ...subject(request),
    plan: (existing, channels) =>
      Check.familyOf(existing) === "job"
        ? Result.succeed(Monitor.plan(given, existing, channels))
        : Result.fail(noJob),
  })
  return yield* shown(check)
})

const remove = Effect.fnUntraced(function* (request: Request) {
  yield* Delete.run(subject(request))
  return Answers.success([])
})

const monitor = {
  answer: "The monitor.",
  shape: Answers.successOf(JsonSchema.ref("Monitor")),
}
const example = "name=Backup&schedule=0 3 * * *&timezone=UTC&grace_period=5"
const many = Answers.successOf(JsonSchema.list(JsonSchema.ref("Monitor")))
const nothing = Answers.successOf({ type: "array", maxItems: 0 })

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path: "/api/v1/monitors",
    methods: {
      GET: {
        id: "listMonitors",
        access: "read",
        doc: { summary: "List monitors", answer: "All monitors of the project, oldest first.", shape: many },
        isLong: true,
        run: list,
      },
      POST: {
        id: "createMonitor",
        access: "write",
        doc: {
          summary: "Create a monitor",
          description:
            "It tells all e-mail channels of the project, also of its first ping; when there are none, it tells nobody until the API of Healthchecks gives it channels.",
          body: Monitor.Arguments,
          example,
          ...monitor,
          answer: "The monitor, whose `status` is null in this answer alone.",
          refusals: checkLimit,
        },
        run: create,
      },
    },
  },
  {
    path: "/api/v1/monitors/{uuid}",
    methods: {
      GET: {
        id: "getMonitor",
        access: "read",
        doc: { summary: "Get a monitor", ...monitor },
        run: get,
      },
      PUT: {
        id: "updateMonitor",
        access: "write",
        doc: {
          summary: "Update a monitor",
          description:
            "All required arguments are required again. Without `running_time`, runs have no limit any more.",
          body: Monitor.Arguments,
          example,
          ...monitor,
        },
        run: update,
      },
      DELETE: {
        id: "deleteMonitor",
        access: "write",
        doc: { summary: "Delete a monitor", answer: "An empty list.", shape: nothing },
        run: remove,
      },
    },
  },
  {
    path: "/api/v1/monitors/{uuid}/pause",
    methods: {
      PUT: {
        id: "pauseMonitor",
        access: "write",
        doc: {
          summary: "Pause a monitor",
          description:
            "It ignores pings until it is resumed; a check that another API has made, as that has set it.",
          ...monitor,
        },
        run: (request) => Effect.flatMap(Pause.run(subject(request)), shown),
      },
    },
  },
  {
    path: "/api/v1/monitors/{uuid}/resume",
    methods: {
      PUT: {
        id: "resumeMonitor",
        access: "write",
        doc: {
          summary: "Resume a monitor",
          description: "Cronhub documents this for schedulers only.",
          ...monitor,
          refusals: { 409: "The monitor is not paused." },
        },
        run: (request) => Effect.flatMap(Resume.run(subject(request)), shown),
      },
    },
  },
]

/** What answers consist of. */
export const schemas = { Monitor: Monitor.Output, Error: Answers.Failure }
