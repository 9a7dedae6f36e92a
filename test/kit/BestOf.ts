/**
 * Returns the milliseconds for which an act kept its thread busy, of the fastest of some runs.
 *
 * Processor time, not time: other work on the machine takes turns with ours, and is no fault of the act. It only ever
 * makes runs slower, as does what has not been compiled yet; hence the fastest. Runs that follow one that took no more
 * than `enough` are left out.
 */
export const bestOf = (runs: number, act: () => unknown, enough = 0): number => {
  let best = Infinity
  for (let i = 0; i < runs && best > enough; i++) {
    const before = process.threadCpuUsage()
    act()
    const { user, system } = process.threadCpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}
