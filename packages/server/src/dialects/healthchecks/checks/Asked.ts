/** Which defaults the query of a request asks for. */
import type { Defaults } from "@overdue/core/document/CheckDocument"

/** Returns Healthchecks', unless the query says `defaults=own`: its servers ignore that, so clients can always send it. */
export const defaults = (query: URLSearchParams): Defaults =>
  query.getAll("defaults").at(-1) === "own" ? "own" : "healthchecks"
