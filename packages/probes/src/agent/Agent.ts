/** The agent: measures its machine at an interval, and reports to a server monitor. */
import { setTimeout } from "node:timers/promises"
import * as Backlog from "./Backlog.ts"
import * as Limits from "./Limits.ts"
import type { Machine } from "./Machine.ts"
import type { Metric } from "./Metric.ts"
import * as Report from "./Report.ts"
import * as Sampler from "./Sampler.ts"
import * as Sender from "./Sender.ts"

/** How the agent works. */
export interface Terms {
  readonly machine: Machine
  /** Seconds between two reports. */
  readonly interval: number
  /** The folder for reports that cannot be sent, which no other agent uses; `undefined`: they wait in memory. */
  readonly folder: string | undefined
  readonly post: Sender.Terms["post"]
  /** Prints one line for the person who reads stderr. */
  readonly say: (line: string) => void
  /** Ends the agent. */
  readonly stop: AbortSignal
}

/** Measures and reports until it is stopped. Resolves at most a second after that, when what waits is kept. */
export const run = async ({ machine, interval, folder, post, say, stop }: Terms): Promise<void> => {
  const clock: Sender.Clock = { now: machine.now, wait, random: Math.random }
  const backlog = Backlog.open({ folder, say })
  const measure = Sampler.make(machine, { interval, say })
  const sender = Sender.start({ backlog, post, say, clock })
  const startedAt = machine.now()
  while (!stop.aborted) {
    backlog.add(Report.text(new Date(), measure()))
    sender.wake()
    // Of intervals that were missed, because the machine was busy or asleep, none is made up for.
    const passed = (machine.now() - startedAt) / 1000
    await wait((interval - (passed % interval)) * 1000, stop)
  }
  await sender.end()
  const lost = backlog.keep()
  if (lost === 0) return
  const why =
    folder === undefined
      ? "a spool that can be used would have kept them (--spool)"
      : "the spool could not keep them"
  say(`${lost} reports were not sent and are lost; ${why}`)
}

/** Resolves to one measurement with everything in it: rates are those of a second. */
export const once = async ({
  machine,
  say,
  stop,
}: Pick<Terms, "machine" | "say" | "stop">): Promise<readonly Metric[]> => {
  // However long a busy machine takes for that second, the rates are right.
  const measure = Sampler.make(machine, { interval: Limits.interval.usual, say })
  measure()
  await wait(1000, stop)
  return measure()
}

const wait: Sender.Clock["wait"] = (milliseconds, abort) =>
  setTimeout(milliseconds, undefined, { signal: abort }).catch(() => {})
