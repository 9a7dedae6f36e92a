/** The registry of dialects. The first one lives at the root. */
import type { Dialect } from "./Dialect.ts"
import * as Healthchecks from "./healthchecks/Healthchecks.ts"

export const dialects: readonly Dialect[] = [Healthchecks.dialect]

/**
 * Returns the dialects with the hosts that an operator gives them, by name. Fails with the first name that is no
 * dialect's.
 */
export const atHosts = (
  hosts: Readonly<Record<string, readonly string[]>>,
): readonly Dialect[] | { readonly unknown: string } => {
  const unknown = Object.keys(hosts).find((name) => !dialects.some((dialect) => dialect.name === name))
  if (unknown !== undefined) return { unknown }
  return dialects.map((dialect) => ({ ...dialect, hosts: hosts[dialect.name] ?? dialect.hosts }))
}
