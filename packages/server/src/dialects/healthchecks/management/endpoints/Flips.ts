/** The endpoints of flips, the changes of a check's status. */
import { second, type Instant } from "@overdue/core/Time"
import type { Check } from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import type { Remark } from "@overdue/core/Diagnosis"
import * as Diagnosis from "@overdue/engine/queries/Diagnosis"
import * as Flips from "@overdue/engine/queries/Flips"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { empty } from "../../../../http/Http.ts"
import * as SlicedBody from "../../../../http/SlicedBody.ts"
import * as Json from "../../Json.ts"
import type { Authorized, Endpoint } from "../Endpoint.ts"
import * as Reason from "@overdue/core/document/Reason"
import * as Remarks from "../Remarks.ts"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Format from "@overdue/core/document/Format"
import { byUniqueKey, named, wantsDetails } from "./Checks.ts"

/** The largest value of the filter `seconds`, as Healthchecks sets it. */
export const longestSpan = 31_536_000
/** The largest value of `start` and `end`, in Unix seconds, as Healthchecks sets it. */
export const latestInstant = 10_000_000_000

const byId = Effect.fnUntraced(function* (request: Authorized) {
  return yield* list(request, yield* named(request))
})

const byKey = Effect.fnUntraced(function* (request: Authorized) {
  const check = yield* byUniqueKey(request)
  return check === undefined ? empty(404) : yield* list(request, check)
})

const list = Effect.fnUntraced(function* ({ project, query }: Authorized, check: Check) {
  const range = rangeOf(query, yield* SteadyClock.now)
  if (range === undefined) return empty(400)
  const flips = Flips.list(check.id, range)
  const making = wantsDetails(query)
    ? Json.list("flips", diagnosed(check, flips), (some) => Effect.succeed(some.map(inDetail)))
    : Json.list("flips", flips, (some) => Effect.succeed(some.map(shown)))
  // A range that ends now is another one each time.
  const what = JSON.stringify(["flips", check.id, wantsDetails(query), range])
  return yield* SlicedBody.inTurn({ project: project.id, what }, making)
})

/** A flip, and why it happened, as far as that is known. */
interface Diagnosed {
  readonly flip: Flip
  readonly diagnosis: readonly Remark[]
}

const diagnosed = Effect.fnUntraced(function* <E, R>(
  check: Check,
  reading: Effect.Effect<readonly Flip[], E, R>,
) {
  const flips = yield* reading
  const remarks = yield* Diagnosis.ofFlips(check, flips)
  return flips.map((flip, index): Diagnosed => ({ flip, diagnosis: remarks[index]! }))
})

const status = Schema.Literals(["new", "up", "down", "paused"])

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  { path: "/checks/{uuid}/flips/", methods: { GET: { id: "listFlips", access: "read", run: byId } } },
  {
    path: "/checks/{unique_key}/flips/",
    methods: { GET: { id: "listFlips", access: "read", run: byKey } },
  },
]

/** A flip as the API returns it. Optional fields are details, which Healthchecks does not have. */
export const Output = Schema.Struct({
  timestamp: Schemas.instant,
  up: Schema.Literals([0, 1]).annotate({
    description: "1 when the new status is `up`, otherwise 0.",
  }),
  from: Schema.optionalKey(status),
  to: Schema.optionalKey(status),
  reason: Schema.optionalKey(Reason.schema),
  blind: Schema.optionalKey(
    Schema.Boolean.annotate({
      description: "Whether the deadline was postponed because the service itself was not running. A detail.",
    }),
  ),
  quiet: Schema.optionalKey(
    Schema.Boolean.annotate({
      description:
        "Whether it happened in a quiet window of the check. Of one to `down` the channels are told when the window closes. A detail.",
    }),
  ),
  rid: Schema.optionalKey(
    Schema.NullOr(Schema.String).annotate({
      description: "Id of the run that caused the change, if it has one. A detail.",
    }),
  ),
  duration: Schema.optionalKey(
    Schema.NullOr(Schema.Number).annotate({
      description: "Duration of that run in seconds, until the change if it was still running. A detail.",
    }),
  ),
  diagnosis: Schema.optionalKey(Remarks.schema),
})

const shown = ({ at, to }: Flip): typeof Output.Type => ({
  timestamp: Format.instant(at),
  up: to === "up" ? 1 : 0,
})

const inDetail = ({ flip, diagnosis }: Diagnosed): typeof Output.Type => ({
  ...shown(flip),
  timestamp: Format.preciseInstant(flip.at),
  from: flip.from,
  to: flip.to,
  reason: flip.reason,
  blind: flip.blind,
  quiet: flip.quiet,
  rid: flip.rid ?? null,
  duration: flip.duration === undefined ? null : flip.duration / second,
  diagnosis,
})

/** Returns the range that `start`, `end` and `seconds` ask for; `undefined` when one of them is invalid. */
const rangeOf = (
  query: URLSearchParams,
  now: Instant,
): { readonly from?: Instant; readonly to?: Instant } | undefined => {
  const start = instantOf(query, "start")
  const end = instantOf(query, "end")
  const seconds = query.getAll("seconds").at(-1) === "" ? undefined : numberOf(query, "seconds", longestSpan)
  if (Number.isNaN(start) || Number.isNaN(end) || Number.isNaN(seconds)) return undefined
  const earliest = [start ?? [], seconds ? now - seconds * second : []].flat()
  return {
    ...(earliest.length === 0 ? {} : { from: Math.max(...earliest) }),
    ...(end === undefined ? {} : { to: end }),
  }
}

/** Returns the time of a query parameter in Unix seconds; `undefined` when it is absent, `NaN` when it is invalid. */
export const instantOf = (query: URLSearchParams, name: string): Instant | undefined => {
  const given = numberOf(query, name, latestInstant)
  return given === undefined ? undefined : given * second
}

/**
 * Returns a query parameter; `undefined` when it is absent, `NaN` when it is not a whole number from 0 to `largest`.
 */
const numberOf = (query: URLSearchParams, name: string, largest: number): number | undefined => {
  const given = query.getAll(name).at(-1)
  if (given === undefined) return undefined
  const value = /^\s*\+?\d{1,15}\s*$/.test(given) ? Number(given) : Number.NaN
  return value <= largest ? value : Number.NaN
}
