/** The endpoint that Prometheus scrapes, with a read-only API key in the path or as a bearer token. */
import * as Uuid from "@overdue/core/Uuid"
import * as InSlices from "@overdue/core/InSlices"
import * as Activity from "@overdue/engine/queries/Activity"
import * as Effect from "effect/Effect"
import * as Access from "../../../access/Access.ts"
import * as Keys from "../../../access/Keys.ts"
import type { Services } from "../../Dialect.ts"
import { uniqueKey } from "../checks/Versions.ts"
import { empty, type Handler, type Outbound } from "../../../http/Http.ts"
import * as SlicedBody from "../../../http/SlicedBody.ts"
import * as Exposition from "./Exposition.ts"
import * as ProjectMetrics from "./ProjectMetrics.ts"

const path = new RegExp(`^/projects/${Uuid.source}/(?:metrics/?|(?:checks/)?metrics/(?<key>[A-Za-z0-9_-]+))$`)

const answer = (outbound: Outbound) => () => Effect.succeed(outbound)

const refusals = {
  KeyMissing: answer(empty(401, { "www-authenticate": "Bearer" })),
  KeyWrong: answer(empty(403)),
  ReadOnly: answer(empty(403)),
  TooManyRequests: ({ seconds }: Access.TooManyRequests) =>
    Effect.succeed(empty(429, { "retry-after": String(seconds) })),
}

/**
 * Answers requests for paths below `/projects/`. The project is that of the key, whichever UUID the path has, and a path
 * with what is none is not found, as in Healthchecks.
 */
export const handle: Handler<Services> = Effect.fnUntraced(function* (inbound) {
  const found = path.exec(inbound.path)
  if (found === null) return empty(404)
  if (inbound.method !== "GET" && inbound.method !== "HEAD") return empty(405, { allow: "GET, HEAD" })
  const key = found.groups?.["key"] ?? Access.bearer(inbound)
  if (key !== undefined && key.length !== Keys.length) return empty(400)
  const caller = yield* Access.open(inbound, { need: "read", key })
  // The key is stored in the configuration of another program, so Healthchecks refuses one that could write.
  if (caller.by === "key" && caller.access !== "read-only") return empty(403)
  const project = caller.project.id
  return yield* SlicedBody.inTurn({ project, what: "metrics" }, measure(project))
}, Effect.catchTags(refusals))

/** Checks, and samples, that are worked on before others have their turn: about a millisecond of work each. */
const atOnce = { checks: 64, samples: 512 }

const measure = Effect.fnUntraced(function* (project: string) {
  const { checks, ...measured } = yield* Activity.ofProject(project)
  const observed = yield* InSlices.map(checks, atOnce.checks, (each) => ({
    ...each,
    uniqueKey: uniqueKey(each.check.id),
  }))
  const tagsUp = yield* ProjectMetrics.tagsUpOf(observed)
  const metrics = ProjectMetrics.make({ ...measured, observed, tagsUp })
  const headers = { "content-type": Exposition.contentType, "cache-control": "no-store" }
  return yield* SlicedBody.answer(headers, Exposition.pieces(metrics), atOnce.samples)
})
