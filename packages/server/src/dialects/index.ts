/** The registry of dialects. */
import type { Dialect } from "./Dialect.ts"
import * as Healthchecks from "./healthchecks/Healthchecks.ts"

/** Every dialect. The first one is reached at the root. */
export const dialects: readonly Dialect[] = [Healthchecks.dialect]

/**
 * Returns the dialects with virtual hosts, which are given by the name of the dialect. Returns the first name that is
 * not the name of a dialect as `unknown`.
 */
export const atHosts = (
  hosts: Readonly<Record<string, readonly string[]>>,
): readonly Dialect[] | { readonly unknown: string } => {
  const unknown = Object.keys(hosts).find((name) => !dialects.some((dialect) => dialect.name === name))
  if (unknown !== undefined) return { unknown }
  return dialects.map((dialect) => ({ ...dialect, hosts: hosts[dialect.name] ?? dialect.hosts }))
}
