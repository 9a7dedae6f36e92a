/** Damaged records, as answers tell of them: which column it is, and what to do; waiting does not help. */
import { StoreError, type Damage } from "@overdue/core/Store"
import { counted } from "@overdue/core/Counted"
import * as Cause from "effect/Cause"
import { text, type HeaderFields, type TextOutbound } from "../http/Http.ts"

/** Returns the damage that a failure is about; `undefined` when it is about none. */
export const of = (cause: Cause.Cause<unknown>): Damage | undefined => {
  const error = Cause.squash(cause)
  return error instanceof StoreError ? error.damage : undefined
}

/** Returns the sentence about a record that a request is about. */
export const sentence = ({ table, column, field }: Damage): string => {
  const place = `column ${column} of table ${table}${field === undefined ? "" : `, field ${field}`}`
  return table === "checks"
    ? `the record of this check is damaged: ${place}; delete the check, or have the operator correct it`
    : `a record that this needs is damaged: ${place}; the operator can correct it`
}

/** Returns the header that says a sentence, whatever the body of the answer is. */
export const header = (damage: Damage): HeaderFields => ({ "overdue-error": sentence(damage) })

/** Returns the answer to a request that is about a damaged record. */
export const answer = (damage: Damage): TextOutbound => text(500, sentence(damage), header(damage))

/** Returns the header of an answer that leaves out damaged records; none when it leaves out nothing. */
export const omitted = ({ length }: readonly unknown[]): HeaderFields =>
  length === 0
    ? {}
    : {
        "overdue-warning": `${counted(length, "damaged record")} left out; the log of the server says which`,
      }
