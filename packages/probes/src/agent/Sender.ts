/** Sends what waits, the oldest first, for as long as the agent runs. */
import { Said } from "@overdue/core/Said"
import * as HttpAnswer from "../HttpAnswer.ts"
import * as Answer from "./Answer.ts"
import type { Backlog } from "./Backlog.ts"
import * as Limits from "./Limits.ts"

/** What a sender needs of the world. */
export interface Terms {
  readonly backlog: Backlog
  /** Sends a report. Rejects when no answer came. */
  readonly post: (report: string, abort: AbortSignal) => Promise<HttpAnswer.HttpAnswer>
  readonly say: (line: string) => void
  readonly clock: Clock
}

/** Time and chance. */
export interface Clock {
  /** Milliseconds on a clock that is never set. */
  readonly now: () => number
  /** Resolves after so many milliseconds, or at once when it is aborted. */
  readonly wait: (milliseconds: number, abort: AbortSignal) => Promise<void>
  /** From 0 to 1. */
  readonly random: () => number
}

/** A sender at work. */
export interface Sender {
  /** Says that a report has been put into the queue. */
  readonly wake: () => void
  /**
   * Ends the work: what is on its way has a second to arrive. Resolves once nothing is sent any more.
   */
  readonly end: () => Promise<void>
}

/** Begins to send. */
export const start = (terms: Terms): Sender => {
  const { backlog, clock } = terms
  const stop = new AbortController()
  const hurry = new AbortController()
  let rouse = (): void => {}
  const roused = (): Promise<void> =>
    new Promise((resolve) => {
      rouse = resolve
      if (backlog.size() > 0 || stop.signal.aborted) resolve()
    })
  const step = stepping(terms, hurry.signal)
  const work = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const report = backlog.first()
      if (report === undefined) {
        step.rest()
        await roused()
        continue
      }
      const pause = await step.send(report)
      if (pause > 0) await clock.wait(pause, stop.signal)
    }
  }
  const done = work()
  return {
    wake: () => rouse(),
    end: async () => {
      stop.abort()
      rouse()
      const arrived = new AbortController()
      const late = clock.wait(Limits.farewell, arrived.signal).then(() => hurry.abort())
      await done
      arrived.abort()
      await late
    },
  }
}

interface Step {
  /** Sends a report, and resolves to how many milliseconds to wait before the next. */
  readonly send: (report: { readonly key: number; readonly text: string }) => Promise<number>
  /** Says that nothing waits any more. */
  readonly rest: () => void
}

const stepping = ({ backlog, post, say, clock }: Terms, abort: AbortSignal): Step => {
  let failures = 0
  let inRow = 0
  let isAway = false
  let noted: string | undefined
  /** When each reason was said last, and whether the server has taken a report since. */
  const said = new Map<string, { readonly at: number; isOver: boolean }>()
  const refusals = new Said(Limits.reminder)
  const complain = (why: string, isRepeated: boolean): void => {
    const last = said.get(why)
    const isOld = last === undefined || clock.now() - last.at >= Limits.reminder
    if (!isOld || (last !== undefined && !isRepeated && !last.isOver)) return
    // Of a server that answers something else each time, it is not remembered for ever what was said.
    if (said.size >= 100) said.clear()
    said.set(why, { at: clock.now(), isOver: false })
    say(why)
  }
  const drop = ({ why, hint }: Extract<Answer.Verdict, { readonly is: "refused" }>): void => {
    const unsaid = refusals.again(why, clock.now())
    if (unsaid === undefined) return
    say(`${why}; it is dropped${unsaid === 0 ? "" : `, as were ${unsaid} before it`}${hint}`)
  }
  const back = (): void => {
    if (isAway && [...said.values()].some(({ isOver }) => !isOver))
      say(`the server takes reports again; ${backlog.size()} waited`)
    for (const reason of said.values()) reason.isOver = true
    isAway = false
    failures = 0
  }
  const later = (least = 0): number => {
    isAway = true
    inRow = 0
    const { least: first, most } = Limits.backOff
    // From half of it: machines that lost the same server at the same time must not come back at the same time.
    const pause = Math.min(most, first * 2 ** Math.min(failures++, 10)) * (0.5 + clock.random() / 2)
    return Math.max(pause, least * (1 + clock.random() / 10))
  }
  const attempt = async (text: string): Promise<Answer.Verdict> => {
    try {
      return Answer.verdict(await post(text, abort), Date.now())
    } catch (error) {
      return { is: "away", why: `the server ${HttpAnswer.unanswered(error)}` }
    }
  }
  return {
    rest: () => {
      inRow = 0
    },
    send: async (report) => {
      const verdict = await attempt(report.text)
      // The agent ends, which says nothing of the server.
      if (abort.aborted && verdict.is === "away") return 0
      switch (verdict.is) {
        case "taken":
        case "refused":
          back()
          backlog.done(report)
          if (verdict.is === "refused") drop(verdict)
          else if (verdict.note !== undefined && verdict.note !== noted) say((noted = verdict.note))
          return ++inRow % Limits.batch.reports === 0 ? Limits.batch.rest * (0.5 + clock.random() / 2) : 0
        case "setting":
          backlog.keep()
          complain(verdict.why, true)
          return later()
        case "away":
          backlog.keep()
          complain(`${verdict.why}; reports are kept and sent when it is back`, false)
          return later(verdict.pause)
      }
    },
  }
}
