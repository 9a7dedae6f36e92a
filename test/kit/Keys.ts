/** The keys of every installation that tests make: two of its project, one of another, and the ping key. */
export const keys = {
  readWrite: "X".repeat(32),
  readOnly: "R".repeat(32),
  /** Of another project. */
  other: "Y".repeat(32),
  ping: "pingkey0123456789abcd",
} as const
