/** What a request asks of a check: the fields that it names, read and checked. */
import { fields, type Fields } from "@overdue/core/document/CheckFields"
import type { Defaults } from "@overdue/core/document/CheckDocument"
import { ownTable, type Table } from "@overdue/core/document/Field"
import * as FieldReader from "../../FieldReader.ts"
import { ofRequests } from "./Versions.ts"

/** Fields that the request leaves out are absent. */
export type Spec = FieldReader.Values<Fields & typeof ofRequests>

/** In Python true is 1 and false is 0: Healthchecks finds a timeout of `true` too small rather than no number. */
const asPython = (name: string, value: unknown): unknown =>
  typeof value === "boolean" && (name === "timeout" || name === "grace") ? Number(value) : value

/** Returns what reads a JSON object by a table of fields, as Healthchecks does. */
export const reader = <T extends Table>(table: T) =>
  FieldReader.explaining(table, { extra: ofRequests, adapt: asPython })

/**
 * What reads the fields that the API knows: versions differ in what they make of them, not in what they take. Requests
 * that ask for our own defaults are not read in the ways of Healthchecks.
 */
export const readers: Readonly<Record<Defaults, ReturnType<typeof reader<Fields>>>> = {
  healthchecks: reader(fields),
  own: FieldReader.explaining(ownTable(fields), { extra: ofRequests }),
}
