/** Time zones as a command line names them. */
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { UsageError } from "./Failure.ts"

/** Returns the zone with a name; an old name stands for the current one. Fails with a `UsageError` when there is none. */
export const read = (name: string): Zone.Zone => {
  const zone = Zone.read(name)
  if (Result.isSuccess(zone)) return zone.success
  throw new UsageError(`there is no time zone ${JSON.stringify(name)}; use ${zone.failure.expected}`)
}
