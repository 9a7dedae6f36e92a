/** Remarks: what is said about a policy that is accepted, and probably does not mean what it says. */

/** One remark. */
export interface Remark {
  /** For programs: it does not change between releases. */
  readonly code: string
  /** A sentence or two for people: what happens, and what to change. */
  readonly text: string
}
