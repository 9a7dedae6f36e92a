/** What errors and logs call a record: enough to find it, and nothing by which a check can be pinged. */
import * as JsonText from "@overdue/core/JsonText"
import * as Uuid from "@overdue/core/Uuid"
import type { Value } from "./Connection.ts"

/** Returns the name of a record of a kind by its id, which may be damaged itself: `channel 7a3f2c1e…`. */
export const of = (kind: string, id: Value | undefined): string =>
  typeof id === "string" ? JsonText.tame(`${kind} ${Uuid.hint(id)}`) : `a ${kind}`

/** Returns the name of a check by its id. */
export const check = (id: Value | undefined): string => of("check", id)

/** Returns the name of what a check has several of, by its number: `ping 7 of check 7a3f2c1e…`. */
export const nth = (kind: string, n: Value | undefined, id: Value | undefined): string =>
  `${typeof n === "number" ? `${kind} ${n}` : `a ${kind}`} of ${check(id)}`
