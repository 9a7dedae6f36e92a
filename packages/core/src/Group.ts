/** Groups: what checks of a project belong to together, for APIs that know such a thing. The engine never reads them. */
import type { Instant } from "./Time.ts"

/** A group of checks. */
export interface Group {
  /** Lower-case UUID. */
  readonly id: string
  readonly project: string
  /** Its number among the groups of its project, from 1, which no other ever had or will have. */
  readonly serial: number
  readonly name: string
  /** `#rrggbb`, or empty. */
  readonly color: string
  /** Data that only one API dialect uses, by the name of the dialect: JSON that the engine keeps and never reads. */
  readonly extension: Readonly<Record<string, unknown>>
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** A group that the store is to number. */
export type NewGroup = Omit<Group, "serial">

/** What may change of a group. */
export type GroupChange = Pick<Group, "name" | "color" | "updatedAt">
