/** What a request asks of a check: the fields that it names, read and checked. */
import { fields, type Fields } from "@overdue/core/document/CheckFields"
import type { Table } from "@overdue/core/document/Field"
import * as FieldReader from "../../FieldReader.ts"
import { ofRequests } from "./Versions.ts"

/** Fields that the request leaves out are absent. */
export type Spec = FieldReader.Values<Fields & typeof ofRequests>

/** In Python true is 1 and false is 0: Healthchecks finds a timeout of `true` too small rather than no number. */
const asPython = (name: string, value: unknown): unknown =>
  typeof value === "boolean" && (name === "timeout" || name === "grace") ? Number(value) : value

/** Returns what reads a JSON object by a table of fields, as Healthchecks does. */
export const reader = <T extends Table>(table: T) =>
  FieldReader.make(table, { extra: ofRequests, adapt: asPython })

/** Reads what the API knows: versions differ in what they make of it, not in what they take. */
export const read = reader(fields)
