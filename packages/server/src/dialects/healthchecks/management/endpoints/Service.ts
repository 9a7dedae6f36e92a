/** The endpoints of the service itself, and callbacks of providers. None of them requires the key of a project. */
import { second } from "@overdue/core/Time"
import * as Activity from "@overdue/engine/queries/Activity"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { empty, text } from "../../../../http/Http.ts"
import { json } from "../../Json.ts"
import * as Health from "../../../../Health.ts"
import * as Exposition from "../../metrics/Exposition.ts"
import * as InstallationMetrics from "../../metrics/InstallationMetrics.ts"
import type { Endpoint, Open, Operation } from "../Endpoint.ts"
import type { OperationId } from "../OperationId.ts"

/** Healthchecks only reads its database here. Pings need to be written, so this writes. */
const status: Operation = {
  id: "getStatus",
  access: "none",
  run: () => Effect.as(Health.check, text(200, "OK")),
}

/** What Prometheus says that it takes. Everybody else is answered in JSON, as by Healthchecks. */
const takesText = /\b(?:text\/plain|application\/openmetrics-text)\b/i

/** Metrics of the installation. */
const metrics = ({ header }: Open): ReturnType<typeof plain> =>
  takesText.test(header("accept") ?? "") ? exposed : plain()

const exposed = Effect.map(InstallationMetrics.read, (metrics) => ({
  status: 200,
  headers: { "content-type": Exposition.contentType, "cache-control": "no-store", vary: "Accept" },
  body: [...Exposition.pieces(metrics)].join(""),
}))

/** The same in the format of Healthchecks. */
const plain = Effect.fnUntraced(function* () {
  const { lastPing, lastDelivery, pending } = yield* Activity.ofInstallation
  return json(200, {
    ts: Math.floor((yield* Clock.currentTimeMillis) / second),
    max_ping_id: lastPing ?? null,
    max_notification_id: lastDelivery ?? null,
    num_unprocessed_flips: pending,
  })
})

/** A callback of a provider. Nothing is sent through such providers, so reports are ignored. */
const taken = (id: OperationId, body: string): Operation => ({
  id,
  access: "none",
  run: () => Effect.succeed(body === "" ? empty(200) : text(200, body)),
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  { path: "/status/", methods: { GET: status }, otherwise: status, isPlain: true },
  {
    path: "/metrics/",
    methods: { GET: { id: "getMetrics", access: "metrics", run: metrics } },
    isPlain: true,
  },
  { path: "/notifications/{uuid}/status", methods: { POST: taken("reportNotification", "") }, isPlain: true },
  { path: "/bounces/", methods: { POST: taken("reportBounce", "OK") }, isPlain: true },
]
