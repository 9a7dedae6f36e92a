/** The endpoints of deliveries, beyond Healthchecks: which alerts reached which channel, and why others did not. */
import * as DeliveryDocument from "@overdue/core/document/DeliveryDocument"
import type { DeliveriesFilter } from "@overdue/core/Delivery"
import * as Limits from "@overdue/core/Limits"
import * as Slug from "@overdue/core/Slug"
import * as Uuid from "@overdue/core/Uuid"
import * as Commands from "@overdue/engine/commands/Deliveries"
import * as Channels from "@overdue/engine/queries/Channels"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Deliveries from "@overdue/engine/queries/Deliveries"
import * as Effect from "effect/Effect"
import { uniqueKey } from "../../checks/Versions.ts"
import { json } from "../../Json.ts"
import { BadRequest, type Authorized, type Endpoint } from "../Endpoint.ts"

type Status = (typeof DeliveryDocument.statuses)[number]

const parameters = ["check", "channel", "status", "limit", "api_key"]

const list = Effect.fnUntraced(function* (request: Authorized) {
  const filter = yield* filterOf(request)
  const found = filter === undefined ? [] : yield* Deliveries.list(request.project.id, filter)
  return json(200, { deliveries: found.map(shownTo(request)) })
})

const get = Effect.fnUntraced(function* (request: Authorized) {
  return json(200, shownTo(request)(yield* Deliveries.get(request.project.id, request.path["delivery"]!)))
})

const act = (command: typeof Commands.retry | typeof Commands.drop) =>
  Effect.fnUntraced(function* (request: Authorized) {
    const { project, path } = request
    return json(200, shownTo(request)(yield* command({ project: project.id, id: path["delivery"]! })))
  })

/** Returns what is asked for; `undefined` when nothing can be found by it. */
const filterOf = Effect.fnUntraced(function* ({ project, query }: Authorized) {
  const unknown = [...query.keys()].find((name) => !parameters.includes(name))
  if (unknown !== undefined) {
    const text = `${JSON.stringify(unknown)} is unknown: the parameters are check, channel, status and limit`
    return yield* new BadRequest({ text })
  }
  const [check, channel, status] = ["check", "channel", "status"].map((name) => query.get(name) ?? undefined)
  if (status !== undefined && !isStatus(status)) {
    return yield* new BadRequest({ text: `status is one of ${DeliveryDocument.statuses.join(", ")}` })
  }
  const limit = Number(query.get("limit") ?? Limits.deliveriesListed)
  if (!Number.isInteger(limit) || limit < 1 || limit > Limits.mostListed) {
    return yield* new BadRequest({ text: `limit is a whole number from 1 to ${Limits.mostListed}` })
  }
  const ids = check === undefined ? undefined : yield* checkOf(project.id, check)
  const channels = channel === undefined ? undefined : yield* channelOf(project.id, channel)
  if (ids === null || channels === null) return undefined
  return {
    limit,
    ...(ids !== undefined && { check: ids }),
    ...(channels !== undefined && { channel: channels }),
    ...(status === "held" ? { status: "pending", cause: "held" } : status !== undefined && { status }),
  } satisfies Omit<DeliveriesFilter, "project">
})

const isStatus = (text: string): text is Status => DeliveryDocument.statuses.some((status) => status === text)

/** Returns the id of the check with an id, a unique key or a slug; null when the project has none. */
const checkOf = Effect.fnUntraced(function* (project: string, word: string) {
  if (Uuid.isValid(word)) return word
  const checks = yield* Checks.list(project, Slug.isValid(word) && word.length < 40 ? { slug: word } : {})
  return checks.find(({ id, details }) => details.slug === word || uniqueKey(id) === word)?.id ?? null
})

/** Returns the id of the channel with an id or a name; null when the project has none. */
const channelOf = Effect.fnUntraced(function* (project: string, word: string) {
  const channels = yield* Channels.list(project)
  return channels.find(({ id, name }) => id === word || name === word)?.id ?? null
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path: "/deliveries/",
    methods: { GET: { id: "listDeliveries", access: "read", run: list } },
    since: 3,
  },
  {
    path: "/deliveries/{delivery}",
    methods: { GET: { id: "getDelivery", access: "write", run: get } },
    since: 3,
  },
  {
    path: "/deliveries/{delivery}/retry",
    methods: { POST: { id: "retryDelivery", access: "write", run: act(Commands.retry) } },
    since: 3,
  },
  {
    path: "/deliveries/{delivery}/drop",
    methods: { POST: { id: "dropDelivery", access: "write", run: act(Commands.drop) } },
    since: 3,
  },
]

/** Ids of deliveries contain that of the check, which is the secret of its ping URL. */
const shownTo =
  ({ access }: Authorized) =>
  (of: DeliveryDocument.Named): DeliveryDocument.Document => ({
    ...(access === "read-only" ? { unique_key: uniqueKey(of.check) } : { id: of.id, check: of.check }),
    ...DeliveryDocument.show(of),
  })
