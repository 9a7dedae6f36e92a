/** The endpoints of deliveries, beyond Healthchecks: which alerts reached which channel, and why others did not. */
import * as DeliveryDocument from "@overdue/core/document/DeliveryDocument"
import * as Delivery from "@overdue/core/Delivery"
import * as Limits from "@overdue/core/Limits"
import * as Commands from "@overdue/engine/commands/Deliveries"
import * as Deliveries from "@overdue/engine/queries/Deliveries"
import * as Effect from "effect/Effect"
import { uniqueKey } from "../../checks/Versions.ts"
import { json } from "../../Json.ts"
import { BadRequest, type Authorized, type Endpoint } from "../Endpoint.ts"
import * as Query from "../Query.ts"

const list = Effect.fnUntraced(function* (request: Authorized) {
  const found = yield* Deliveries.list(request.project.id, yield* askedFor(request), uniqueKey)
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

/** Returns what the parameters ask for. */
const askedFor = Effect.fnUntraced(function* ({ query }: Authorized) {
  yield* Query.expectOnly(query, ["check", "channel", "status", "limit"])
  const [check, channel, status] = ["check", "channel", "status"].map((name) => query.get(name) ?? undefined)
  if (status !== undefined && !isStatus(status)) {
    return yield* new BadRequest({ text: `status is one of ${Delivery.shownStatuses.join(", ")}` })
  }
  const limit = Number(query.get("limit") ?? Limits.deliveriesListed)
  if (!Number.isInteger(limit) || limit < 1 || limit > Limits.mostListed) {
    return yield* new BadRequest({ text: `limit is a whole number from 1 to ${Limits.mostListed}` })
  }
  return {
    limit,
    ...(check !== undefined && { check }),
    ...(channel !== undefined && { channel }),
    ...(status !== undefined && { status }),
  } satisfies Deliveries.Asked
})

const isStatus = (text: string): text is Delivery.ShownStatus =>
  Delivery.shownStatuses.some((status) => status === text)

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
