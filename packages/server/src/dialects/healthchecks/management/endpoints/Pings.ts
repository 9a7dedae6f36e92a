/** The ping log of a check. */
import type { Check } from "@overdue/core/Check"
import type { Kind } from "@overdue/core/Ping"
import { second } from "@overdue/core/Time"
import * as Diagnosis from "@overdue/engine/queries/Diagnosis"
import * as Pings from "@overdue/engine/queries/Pings"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { json, type Outbound } from "../../../../http/Http.ts"
import * as Answer from "../Answer.ts"
import type { Authorized, Endpoint } from "../Endpoint.ts"
import * as Remarks from "../Remarks.ts"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Format from "@overdue/core/document/Format"
import { named, wantsDetails } from "./Checks.ts"

/** Pings that are listed at most, however many are kept. */
const longest = 1000

const list = Effect.fnUntraced(function* (request: Authorized) {
  const check = yield* named(request)
  const pings = yield* Pings.list(check, longest)
  if (!wantsDetails(request.query)) {
    return json(200, { pings: pings.map((ping) => shown(ping, check, request)) })
  }
  const remarks = yield* Diagnosis.ofPings(check, pings)
  return json(200, {
    pings: pings.map((ping, index) => ({
      ...shown(ping, check, request),
      ...details(ping),
      diagnosis: remarks[index]!,
    })),
  })
})

const body = Effect.fnUntraced(function* (request: Authorized) {
  const check = yield* named(request)
  const ping = yield* Pings.get(check, Number(request.path["n"]))
  if (ping?.body === undefined) return Answer.notFound
  return { status: 200, headers: { "content-type": "text/plain" }, body: ping.body } satisfies Outbound
})

export const endpoints: readonly Endpoint[] = [
  { path: "/checks/{uuid}/pings/", methods: { GET: { id: "listPings", access: "write", run: list } } },
  {
    path: "/checks/{uuid}/pings/{n}/body",
    methods: { GET: { id: "getPingBody", access: "write", run: body } },
  },
]

/** What the API answers; what Healthchecks does not know is there when details are asked for. */
export const Shown = Schema.Struct({
  type: Schema.Literals(["success", "start", "fail", "log", "ign"]).annotate({
    description: "What the signal meant; ign was logged and changed nothing.",
  }),
  date: Schemas.instant,
  n: Schema.Int.annotate({ description: "Numbers the pings of the check from 1." }),
  scheme: Schema.String.annotate({ description: "http, https, or email." }),
  remote_addr: Schema.String,
  method: Schema.String,
  ua: Schema.String.annotate({ description: "User agent." }),
  rid: Schema.NullOr(Schema.String).annotate({ description: "The run that the signal belongs to." }),
  body_url: Schema.NullOr(Schemas.url).annotate({
    description: "Where the body is; null when there is none.",
  }),
  duration: Schema.optionalKey(
    Schema.Number.annotate({ description: "Seconds since the start of the run, when there was one." }),
  ),
  exit_status: Schema.optionalKey(
    Schema.NullOr(Schema.Int).annotate({ description: "0 to 255, when the signal gave one. A detail." }),
  ),
  run_duration: Schema.optionalKey(
    Schema.NullOr(Schema.Number).annotate({
      description:
        "Seconds that the run took which the signal ended, as the check's policy sees runs. A detail.",
    }),
  ),
  diagnosis: Schema.optionalKey(Remarks.schema),
})

const details = ({ exitStatus, duration }: Pings.Listed) => ({
  exit_status: exitStatus ?? null,
  run_duration: duration === undefined ? null : duration / second,
})

const shown = (ping: Pings.Listed, check: Check, { root, version }: Authorized): typeof Shown.Type => ({
  type: typeOf(ping.kind),
  date: Format.preciseInstant(ping.at),
  n: ping.n,
  scheme: ping.scheme,
  remote_addr: ping.remoteAddress,
  method: ping.method,
  ua: ping.userAgent,
  rid: ping.rid ?? null,
  body_url: ping.bodySize === 0 ? null : `${root}/api/v${version}/checks/${check.id}/pings/${ping.n}/body`,
  ...(ping.pairedDuration === undefined
    ? {}
    : { duration: Number((ping.pairedDuration / second).toFixed(2)) }),
})

const typeOf = (kind: Kind) => (kind === "ignored" ? "ign" : kind)
