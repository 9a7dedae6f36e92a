/** What server monitors keep of the reports of their servers: types of metrics, each named in one of three lists. */
import type { Details } from "@overdue/core/Check"

/** The lists in which a server monitor names what is kept of it, and the types of each: all, unless something is named. */
export const lists = {
  metric_types_basic: ["cpu-total-usage", "memory-usage", "swap-usage", "system-load-unified"],
  metric_types_advanced: ["disk-usage-unified", "disk-io-unified", "network-usage-unified"],
  metric_types_complex: ["processes-unified"],
} as const

/** The name of a list. */
export type List = keyof typeof lists

/** The names of the lists. */
export const listNames = Object.keys(lists) as readonly List[] // safe because those are its keys

/** Returns the list that a type belongs in; `undefined` of an unknown one. */
export const listOf = (type: string): List | undefined =>
  listNames.find((list) => lists[list].some((own) => own === type))

/** Returns the types of metrics that are kept of a server, whichever list names them. */
export const kept = ({ extension }: Pick<Details, "extension">): ReadonlySet<unknown> => {
  const { server }: { readonly server?: unknown } = extension["pinghome"] ?? {}
  if (typeof server !== "object" || server === null) return new Set()
  const all = Object.entries(server).filter(([name]) => Object.hasOwn(lists, name))
  return new Set(all.flatMap(([, own]: readonly [string, unknown]) => (Array.isArray(own) ? own : [])))
}
