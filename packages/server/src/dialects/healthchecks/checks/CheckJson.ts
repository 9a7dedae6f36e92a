/** A check as the Healthchecks APIs answer it. */
import type { Access } from "@overdue/core/Project"
import { fields } from "./CheckFields.ts"
import type { Any, Json, View } from "./Field.ts"

const shown = Object.entries<Any>(fields).flatMap(([name, { show, shownTo }]) =>
  show === undefined ? [] : [{ name, show, shownTo }],
)

/** What a key with this access sees of a check. */
export const make = (view: View, access: Access): Readonly<Record<string, Json>> => {
  const json: Record<string, Json> = {}
  for (const { name, show, shownTo } of shown) {
    if (shownTo !== undefined && shownTo !== access) continue
    const value = show(view)
    if (value !== undefined) json[name] = value
  }
  return json
}
