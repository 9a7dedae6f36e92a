/** A stage of a step: one run of its program by the runner. */

/**
 * Runs a stage, and ends the process when it is over: a look-up of a name, or the tunnel of a proxy, that was given up
 * would keep it for minutes. State and outputs are in their files by then; the log is flushed first.
 */
export const run = async (main: () => Promise<void>): Promise<void> => {
  await main()
  process.stdout.write("", () => process.exit())
}
