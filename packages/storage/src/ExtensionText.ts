/** What dialects keep of a record, as one JSON text, which most rows do not have. */
import * as Schema from "effect/Schema"
import type { Value } from "./Connection.ts"
import * as Row from "./Row.ts"

/** JSON by the name of the dialect, or what one dialect keeps of a ping. */
export type Extension = Readonly<Record<string, unknown>>

const none: Extension = {}

const decodeText = Row.document(Schema.Record(Schema.String, Schema.Unknown))

/** Returns a text that `decode` reads; `null` when nothing is kept. */
export const encode = (extension: Extension): string | null =>
  Object.keys(extension).length === 0 ? null : JSON.stringify(extension)

/** Returns what the value of the column `extension` says; throws when it cannot be read. */
export const decode = (value: Value | undefined): Extension =>
  value === null ? none : decodeText(value, "extension")
