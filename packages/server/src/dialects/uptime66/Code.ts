/** Codes, by which heartbeats are pinged: the ids of checks without their dashes. */

/** The pattern of a code, for building larger patterns: without anchors or capturing groups. */
export const source = "[0-9a-f]{32}"

/** Returns the code of a check. */
export const of = (id: string): string => id.replaceAll("-", "")

/** Returns the id of the check with a code, which may have dashes already. */
export const read = (code: string): string =>
  code.replace(/^(.{8})-?(.{4})-?(.{4})-?(.{4})-?(.{12})$/, "$1-$2-$3-$4-$5")
