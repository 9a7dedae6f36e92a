/** The endpoints of the ping log of a check. */
import type { Check } from "@overdue/core/Check"
import type { Kind } from "@overdue/core/Ping"
import * as Probe from "@overdue/core/Probe"
import * as Rounds from "@overdue/core/probe/Rounds"
import { second } from "@overdue/core/Time"
import * as Diagnosis from "@overdue/engine/queries/Diagnosis"
import * as Pings from "@overdue/engine/queries/Pings"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Outbound } from "../../../../http/Http.ts"
import { json } from "../../Json.ts"
import * as Answer from "../Answer.ts"
import type { Authorized, Endpoint } from "../Endpoint.ts"
import * as Remarks from "../Remarks.ts"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Format from "@overdue/core/document/Format"
import { named, wantsDetails } from "./Checks.ts"

/** The most pings that are listed, however many are kept. */
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
  if (ping?.body === undefined) {
    const { pingLogLimit } = request.project
    return Answer.notFound(
      `no ping with this number and a body is stored; a check of this project keeps its last ${pingLogLimit} pings`,
    )
  }
  return { status: 200, headers: { "content-type": "text/plain" }, body: ping.body } satisfies Outbound
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  { path: "/checks/{uuid}/pings/", methods: { GET: { id: "listPings", access: "write", run: list } } },
  {
    path: "/checks/{uuid}/pings/{n}/body",
    methods: { GET: { id: "getPingBody", access: "write", run: body } },
  },
]

const milliseconds = Schema.NullOr(Schema.Number).annotate({
  description: "Milliseconds; null when there was none.",
})

/** What a probe said from one region. */
const Round = Schema.Struct({
  region: Schema.NullOr(Schema.String),
  ok: Schema.Boolean,
  status_code: Schema.NullOr(Schema.Int),
  reason: Schema.NullOr(Schema.String).annotate({ description: "Why it failed." }),
  value: Schema.optionalKey(
    Schema.Number.annotate({ description: "What the server reported; only of a threshold." }),
  ),
  response_time: Schema.NullOr(Schema.Number).annotate({
    description: "Milliseconds from the beginning to the end; null of a threshold, which nobody asks.",
  }),
  dns: milliseconds,
  connect: milliseconds,
  tls: milliseconds,
  first_byte: milliseconds,
})

/**
 * A ping as the API returns it. Optional fields other than `duration` are details, which Healthchecks does not have.
 */
export const Output = Schema.Struct({
  type: Schema.Literals(["success", "start", "fail", "cancel", "log", "ign"]).annotate({
    description:
      "What the ping reported. `cancel` ended a run without an outcome; `log` and `ign` (ignored, by a setting of the check) did not change the status.",
  }),
  date: Schemas.instant,
  n: Schema.Int.annotate({ description: "Number of the ping. The pings of a check are numbered from 1." }),
  scheme: Schema.String.annotate({ description: "http, https, or email." }),
  remote_addr: Schema.String,
  method: Schema.String,
  ua: Schema.String.annotate({ description: "User agent of the client, or the sender of an e-mail." }),
  rid: Schema.NullOr(Schema.String).annotate({
    description: "Id of the run that the ping belongs to, if it has one.",
  }),
  body_url: Schema.NullOr(Schemas.url).annotate({
    description: "Address of the stored body; null when the ping had no body.",
  }),
  duration: Schema.optionalKey(
    Schema.Number.annotate({
      description: "Seconds since the start of the run. Absent when there was no start ping.",
    }),
  ),
  exit_status: Schema.optionalKey(
    Schema.NullOr(Schema.Int).annotate({
      description: "Exit status of the job, 0 to 255; null when the ping did not carry one. A detail.",
    }),
  ),
  run_duration: Schema.optionalKey(
    Schema.NullOr(Schema.Number).annotate({
      description:
        "Duration in seconds of the run that this ping ended, by the check's own rules for pairing starts and ends; null when it ended none. A detail.",
    }),
  ),
  probe: Schema.optionalKey(
    Schema.Array(Round).annotate({
      description: "What the probe of the check said, from each region; absent of other signals. A detail.",
    }),
  ),
  diagnosis: Schema.optionalKey(Remarks.schema),
})

const details = (ping: Pings.Listed) => {
  const { exitStatus, duration } = ping
  const round = Rounds.ofPing(ping)
  return {
    exit_status: exitStatus ?? null,
    run_duration: duration === undefined ? null : duration / second,
    ...(round !== undefined && { probe: round.results.map(result) }),
  }
}

const result = (one: Probe.Result): typeof Round.Type => {
  const { region, ok, statusCode, reason, value, timings } = one
  return {
    region: region === "" ? null : region,
    ok,
    status_code: statusCode ?? null,
    reason: reason ?? null,
    ...(value !== undefined && { value }),
    response_time: Probe.responseTime(one) ?? null,
    dns: timings.dns ?? null,
    connect: timings.connect ?? null,
    tls: timings.tls ?? null,
    first_byte: timings.firstByte ?? null,
  }
}

const shown = (ping: Pings.Listed, check: Check, { root, version }: Authorized): typeof Output.Type => ({
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
