/** What is remarked on about a threshold that nothing will be heard of: its server is gone, or does not keep its metric. */
import type { Check } from "@overdue/core/Check"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Diagnosis from "@overdue/engine/queries/Diagnosis"
import * as Effect from "effect/Effect"
import * as ServerTypes from "./ServerTypes.ts"

/** Returns the remarks on a check that hears nothing, whatever its server reports. */
export const remarks = Effect.fnUntraced(function* (check: Check) {
  const { probe } = check.policy
  const watched = probe && Threshold.watched(probe)
  if (watched === undefined) return []
  const server = yield* Diagnosis.serverOf(check, watched.server)
  if (server === "gone") return Diagnosis.told(check, { code: "server-gone" })
  if (server === "unreadable") return []
  // A series is called as its type, with the parts of it after a space.
  const [type = ""] = watched.series.split(" ")
  if (ServerTypes.kept(server.details).has(type)) return []
  return Diagnosis.told(check, { code: "not-kept", type, list: ServerTypes.listOf(type) })
})
