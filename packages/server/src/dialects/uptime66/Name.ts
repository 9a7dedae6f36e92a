/** The name of a heartbeat, or of a project. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { FieldsInvalid } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import type * as Body from "../Body.ts"

const isBlank = "must not be blank"

/** The field. */
export const field = Fields.text(64)
  .check(Schema.makeFilter((text) => (text.trim() === "" ? isBlank : undefined)))
  .annotate({ description: "What people call it." })

/**
 * Returns what reads the fields of an update, in which a name that is empty is not one that is left out. The name that it
 * has already may be any: other APIs take longer ones.
 */
export const reader = <A>(schema: Schema.Codec<A, unknown>) => {
  const read = Fields.reader(schema)
  return (fields: Body.Fields, current: string): Effect.Effect<A, FieldsInvalid> => {
    const { name, ...others } = fields
    if (name === "") return Effect.fail(Fields.invalid("name", isBlank))
    return read(name === current ? others : fields)
  }
}
