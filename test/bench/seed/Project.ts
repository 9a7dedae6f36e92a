/** The project that a benchmark fills with checks. */
import type { Project } from "@overdue/core/Project"
import type { Instant } from "@overdue/core/Time"

/** Returns a project that has room for so many checks. */
export const make = (checkLimit: number, createdAt: Instant = Date.now()): Project => ({
  id: crypto.randomUUID(),
  name: "bench",
  pingKey: undefined,
  badgeKey: crypto.randomUUID(),
  zone: "UTC",
  checkLimit,
  pingLogLimit: 100,
  silencedUntil: undefined,
  createdAt,
})
