/** The endpoints of heartbeats. */
import type { Check } from "@overdue/core/Check"
import type * as Listing from "@overdue/core/Listing"
import { second } from "@overdue/core/Time"
import * as Create from "@overdue/engine/commands/Create"
import * as Delete from "@overdue/engine/commands/Delete"
import * as Update from "@overdue/engine/commands/Update"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Numbered from "@overdue/engine/queries/Numbered"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as JsonSchema from "../../docs/JsonSchema.ts"
import { checkLimit, type Endpoint, type Operation, type Request } from "../../rest/Endpoint.ts"
import * as Answers from "./Answers.ts"
import * as Arguments from "./Arguments.ts"
import type * as Body from "../Body.ts"
import * as DateText from "./DateText.ts"
import * as Heartbeat from "./Heartbeat.ts"
import * as Pages from "./Pages.ts"
import * as Shown from "./Shown.ts"
import * as Surroundings from "./Surroundings.ts"
import * as Values from "./Values.ts"

const path = "/api/heartbeats"

const scene = Effect.fnUntraced(function* ({ project, access }: Request) {
  const groups = yield* Numbered.groups(project.id)
  const handlers = yield* Surroundings.handlers(project.id)
  return {
    now: yield* SteadyClock.now,
    blind: yield* Checks.blind,
    access,
    groups: new Map(groups.map(({ id, serial }) => [id, serial])),
    handlers: new Map(handlers.map((handler) => [handler.channel.id, handler])),
  } satisfies Shown.Scene
})

const keys: ReadonlyMap<string, Listing.Key> = new Map([
  ["heartbeat_id", "serial"],
  ["datetime", "createdAt"],
  ["last_datetime", "updatedAt"],
  ["last_run_datetime", "lastSuccess"],
  ["name", "name"],
  ["uptime", "uptime"],
])

const stamps: ReadonlyMap<string, Listing.Stamp> = new Map([
  ["datetime", "createdAt"],
  ["last_datetime", "updatedAt"],
  ["last_run_datetime", "lastSuccess"],
])

/** What is asked, or measures itself, is no heartbeat: an interval would have it expect signals that never come. */
const family = { family: "job" } as const

/** What a query asks of heartbeats; what makes no sense asks nothing. `groups`: their numbers, by their ids. */
const conditions = (query: URLSearchParams, groups: Shown.Scene["groups"]): Listing.Conditions => {
  const read = (name: string): string => query.get(name) ?? ""
  const isEnabled = Values.flag(read("is_enabled"))
  const from = DateText.read(read("datetime_start"))
  const to = DateText.read(read("datetime_end"))
  const stamp = stamps.get(read("datetime_field")) ?? "createdAt"
  // No name has this character, which not every database can look for.
  const search = read("search").replaceAll("\0", "\uFFFD")
  const number = Values.serial(read("project_id"))
  const group = [...groups].find(([, serial]) => serial === number)?.[0]
  return {
    ...family,
    ...(search !== "" && { nameContains: search }),
    ...(isEnabled !== undefined && { isPaused: !isEnabled }),
    // Of a project that there is not, nothing is found.
    ...(number !== undefined && { group: number === 0 ? null : (group ?? "") }),
    ...((from !== undefined || to !== undefined) && {
      // The end is a second, all of which is included.
      during: { stamp, from, to: to === undefined ? undefined : to + second - 1 },
    }),
  }
}

const list = Effect.fnUntraced(function* (request: Request) {
  const { project, query } = request
  const seen = yield* scene(request)
  const asked = Pages.read(query)
  const { checks, total } = yield* Numbered.page(project.id, {
    where: conditions(query, seen.groups),
    by: keys.get(query.get("order_by") ?? "") ?? "serial",
    isDescending: asked.isDescending,
    offset: asked.offset,
    limit: asked.perPage,
    now: seen.now,
  })
  const show = (check: Listing.Numbered) => Shown.of(check, seen)
  return yield* Pages.answer({ things: checks, total }, asked, request, { path, show })
})

const find = ({ project, path }: Request) =>
  Numbered.check(project.id, { ...family, serial: Number(path["serial"]) })

const get = Effect.fnUntraced(function* (request: Request) {
  const found = yield* find(request)
  return Answers.data(Shown.of(found, yield* scene(request)))
})

const create = Effect.fnUntraced(function* ({ project, fields }: Request) {
  const given = yield* Arguments.ofCreation(fields)
  const named = yield* Surroundings.named(project.id, given)
  const { check } = yield* Create.unnamed({
    project: project.id,
    isOn: given.is_enabled,
    plan: (existing, channels) => Heartbeat.plan({ ...named, given, existing, channels }),
  })
  const { serial } = yield* Numbered.check(project.id, { id: check.id })
  return Answers.data({ id: serial }, 201)
})

const update = Effect.fnUntraced(function* (request: Request) {
  const { project, fields } = request
  const { check, serial } = yield* find(request)
  const given = yield* Arguments.ofChange(fields, check.details.name)
  const named = yield* Surroundings.named(project.id, given)
  yield* Update.run({
    project: project.id,
    id: check.id,
    // A run that is late by the new interval is late, as if it had been expected so all along.
    from: "anchor",
    isOn: isShown(check, fields, given) ? undefined : given.is_enabled,
    plan: (existing, channels) => Heartbeat.plan({ ...named, given, existing, channels }),
  })
  return Answers.data({ id: serial })
})

/** Who sends a name as well sends back all that was shown: of a check that another API has paused, the switch too. */
const isShown = ({ state }: Check, fields: Body.Fields, given: Arguments.Arguments): boolean =>
  "name" in fields && given.is_enabled === false && state.status === "paused"

const remove = Effect.fnUntraced(function* (request: Request) {
  const { check } = yield* find(request)
  yield* Delete.run({ project: request.project.id, id: check.id })
  return Answers.deleted
})

const updating = (id: string): Operation => ({
  id,
  access: "write",
  doc: {
    summary: "Update a heartbeat",
    description: "What is left out stays as it is.",
    body: Arguments.Change,
    example: "run_interval=2&run_interval_type=hours",
    answer: "The id of the heartbeat.",
    shape: Answers.named,
  },
  run: update,
})

const text = { type: "string" }

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path,
    methods: {
      GET: {
        id: "listHeartbeats",
        access: "read",
        doc: {
          summary: "List heartbeats",
          query: {
            search: { description: "A part of the name.", schema: text },
            search_by: { description: "What is searched.", schema: { enum: ["name"] } },
            is_enabled: { description: "Whether runs are expected.", schema: { enum: ["1", "0"] } },
            project_id: { description: "The project; 0: none.", schema: { type: "integer" } },
            datetime_field: {
              description: "The instant that is bounded.",
              schema: { enum: [...stamps.keys()] },
            },
            datetime_start: { description: "Not before: `2026-01-31 12:00:00`, UTC.", schema: text },
            datetime_end: { description: "Not after.", schema: text },
            order_by: { description: "The order.", schema: { enum: [...keys.keys()] } },
            ...Pages.parameters,
          },
          answer: "A page of heartbeats, with links to the others.",
          shape: Pages.shape("Heartbeat"),
        },
        isLong: true,
        run: list,
      },
      POST: {
        id: "createHeartbeat",
        access: "write",
        doc: {
          summary: "Create a heartbeat",
          body: Arguments.Creation,
          example: "name=Backup&run_interval=1&run_interval_type=days",
          answer: "The id of the heartbeat.",
          shape: Answers.named,
          status: 201,
          refusals: checkLimit,
        },
        run: create,
      },
    },
  },
  {
    path: `${path}/{serial}`,
    methods: {
      GET: {
        id: "getHeartbeat",
        access: "read",
        doc: {
          summary: "Get a heartbeat",
          answer: "The heartbeat.",
          shape: Answers.dataOf(JsonSchema.ref("Heartbeat")),
        },
        run: get,
      },
      POST: updating("updateHeartbeat"),
      PUT: updating("putHeartbeat"),
      PATCH: updating("patchHeartbeat"),
      DELETE: {
        id: "deleteHeartbeat",
        access: "write",
        doc: { summary: "Delete a heartbeat", answer: "Nothing.", status: 204 },
        run: remove,
      },
    },
  },
]
