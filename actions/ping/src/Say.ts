/** The log of a step, of which the runner takes some lines for commands. */
import * as core from "@actions/core"

/**
 * Prints a line for people. What others chose, such as the name of a check, becomes no command: the runner takes
 * `::name::` for one at the beginning of a line, blanks aside, and `##[name]` wherever it stands.
 */
export const info = (text: string): void =>
  core.info(
    text
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, " ")
      .replace(/^\s*::/, ": :")
      .replaceAll("##[", "# #["),
  )
