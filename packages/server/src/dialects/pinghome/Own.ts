/** What only Pinghome keeps of a check: in its extension, by the name of the dialect. */
import type { Details } from "@overdue/core/Check"

const dialect = "pinghome"

/** What is kept of uptime and server monitors. Each part is looked at before it is used: it was written by any version. */
export interface Own {
  readonly is_advanced?: unknown
  readonly maintenance?: unknown
  readonly integrations?: unknown
  /** What only this dialect knows of a server. */
  readonly server?: unknown
}

/** Returns what is kept of a check. */
export const of = ({ details }: { readonly details: Pick<Details, "extension"> }): Own =>
  // Each part is looked at where it is used.
  details.extension[dialect] ?? {}

const add = (details: Details, more: Own): Details => {
  const all = Object.entries({ ...of({ details }), ...more }).filter(([, value]) => value !== undefined)
  if (Object.keys(more).length === 0) return details
  const { [dialect]: _, ...others } = details.extension
  return {
    ...details,
    extension: all.length === 0 ? others : { ...others, [dialect]: Object.fromEntries(all) },
  }
}

/** Returns the details with more of it; what is `undefined` is taken away. */
export { add as with }
