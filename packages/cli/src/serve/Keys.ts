/** The keys that a server gets from its environment. */
import { apiKey, metricsKey, proberKey, type KeyShape } from "@overdue/core/Project"
import { UsageError } from "../Failure.ts"
import type { Environment } from "../Io.ts"

/** What opens something of the whole installation; `undefined`: nobody may. */
export interface OfInstallation {
  readonly metricsKey: string | undefined
  readonly adminKey: string | undefined
  readonly proberKey: string | undefined
}

/** Returns the keys of the installation. */
export const ofInstallation = (environment: Environment): OfInstallation => ({
  metricsKey: read("OVERDUE_METRICS_KEY", environment, metricsKey),
  adminKey: read("OVERDUE_ADMIN_KEY", environment, apiKey),
  proberKey: ofProbers(environment),
})

/** What lies on many machines must not open more than it is for. */
const ofProbers = (environment: Environment): string | undefined => {
  const name = "OVERDUE_PROBER_KEY"
  const given = read(name, environment, proberKey)
  const others = ["OVERDUE_ADMIN_KEY", "OVERDUE_API_KEY", "OVERDUE_API_KEY_READONLY", "OVERDUE_METRICS_KEY"]
  const other = others.find((each) => given !== undefined && environment[each] === given)
  if (other !== undefined) throw new UsageError(`${name} must not be the same as ${other}`)
  return given
}

/** Returns a key from the environment. A wrong one is a secret all the same, and is not repeated. */
export const read = (
  name: string,
  environment: Environment,
  { pattern, words }: KeyShape,
): string | undefined => {
  const given = environment[name] || undefined
  if (given !== undefined && !pattern.test(given)) throw new UsageError(`${name} must be ${words}`)
  return given
}
