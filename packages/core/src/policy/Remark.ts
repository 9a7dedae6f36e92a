/** Remarks: what is said about a policy that is accepted, and probably does not mean what it says. */
import type * as Schedule from "../schedule/Remark.ts"

/** The code of a remark, for programs: it does not change between releases. Those on the schedule are among them. */
export type Code =
  | Schedule.Code
  | "grace-exceeds-gap"
  | "late-before-overrun"
  | "slots-in-quiet"
  | "always-quiet"
  | "window-past"
  | "early-exceeds-gap"
  | "after-nothing"
  | "never-passed"
  | "always-passed"

/** One remark. */
export interface Remark {
  readonly code: Code
  /** A sentence or two for people: what happens, and what to change. */
  readonly text: string
}
