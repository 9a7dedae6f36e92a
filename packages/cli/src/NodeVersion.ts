/** The Node that the command needs. Imports nothing, so that any Node can load it to say so. */

/** The oldest Node that Effect's platform package runs on, as `engines` in the manifest says. */
export const least: readonly [major: number, minor: number] = [22, 19]

/** Returns what to do about a Node that is too old, in one sentence; `undefined` for one that is not. */
export const refusal = (found: string): string | undefined => {
  const [major = 0, minor = 0] = found.split(".").map(Number)
  const isEnough = major > least[0] || (major === least[0] && minor >= least[1])
  return isEnough
    ? undefined
    : `overdue needs Node ${least.join(".")} or newer, and this is Node ${found}: install a newer one from https://nodejs.org`
}
