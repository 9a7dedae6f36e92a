/**
 * The process of the well-behaved jobs and of those that fall silent, with the receiver of the channel that works: the
 * load is made elsewhere, so that what is measured here is the server's.
 */
import { monitorEventLoopDelay } from "node:perf_hooks"
import { listen } from "../../kit/Receiver.ts"
import { serve } from "./Child.ts"
import type { JobsOrder, JobsReport } from "./Messages.ts"
import * as Job from "./Job.ts"
import * as SilentJob from "./SilentJob.ts"

const told = new SilentJob.Told()
const receiver = await listen((request) => {
  told.note(request)
  return { status: 200 }
})
const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()
const stop = new AbortController()
const sent: Job.Sent[] = []
const silences: SilentJob.Silence[] = []
let running: Promise<unknown> = Promise.resolve()

const report = (): JobsReport => ({
  receiver: receiver.url,
  sent,
  silences,
  standstill: delay.max / 1e6,
})

const begin = ({ jobs, silent, doors }: JobsOrder): void => {
  // Spread over two seconds: nobody's jobs all begin at the same instant.
  const spread = <A>(list: readonly A[], run: (one: A) => Promise<void>) =>
    list.map(async (one, index) => {
      await new Promise((resolve) => setTimeout(resolve, (2_000 * index) / list.length))
      await run(one)
    })
  running = Promise.all([
    ...spread(jobs, (job) => Job.run(job, doors, { stop: stop.signal, note: (one) => void sent.push(one) })),
    ...spread(silent, (job) =>
      SilentJob.run(job, told, { stop: stop.signal, note: (one) => void silences.push(one) }),
    ),
  ])
}

const end = (): Promise<unknown> => {
  stop.abort()
  return running
}

serve({ begin, end, report })
process.send?.(report())
