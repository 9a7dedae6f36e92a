/**
 * Standstills of this process: while its event loop is blocked, or the machine sleeps, a target may answer and nobody
 * hears it.
 */
import type { Span } from "@overdue/core/Time"

/** From one look at the clocks to the next. */
const beat: Span = 500

/** A watch that runs. */
export interface Watch {
  /** For how long the process has stood still since the watch began, as far as it was for more than a beat. */
  readonly lasted: () => Span
  readonly end: () => void
}

/** What a machine counts while it sleeps, and what it does not: some stop the monotonic clock, others do not. */
const clocks = () => [performance.now(), Date.now()] as const

let watching = 0
let total: Span = 0
let seen = clocks()
let timer: NodeJS.Timeout | undefined

/** The time since the last look, beyond a beat. */
const missed = (): Span => {
  const [monotonic, wall] = clocks()
  return Math.max(0, Math.max(monotonic - seen[0], wall - seen[1]) - 2 * beat)
}

const look = (): void => {
  total += missed()
  seen = clocks()
}

/** Begins to watch. One timer serves all watches, and there is none while there is no watch. */
export const begin = (): Watch => {
  if (watching++ === 0) {
    seen = clocks()
    timer = setInterval(look, beat)
    timer.unref()
  }
  const before = total + missed()
  let isOver = false
  return {
    lasted: () => total + missed() - before,
    end: () => {
      if (isOver) return
      isOver = true
      if (--watching === 0) clearInterval(timer)
    },
  }
}
