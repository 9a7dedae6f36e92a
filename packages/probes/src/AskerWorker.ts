/** The thread of `AskerThread`: asks what it is told to. */
import { parentPort, workerData } from "node:worker_threads"
import * as Asker from "./Asker.ts"
import type { Options, Order, Report } from "./AskerThread.ts"

const { allowPrivateTargets, ...options } = workerData as Options // safe because AskerThread starts this
const ask = Asker.make({ ...options, ...Asker.reaching(allowPrivateTargets) })
const underWay = new Map<number, AbortController>()

parentPort!.on("message", ({ n, probe }: Order) => {
  if (probe === undefined) return underWay.get(n)?.abort()
  const controller = new AbortController()
  underWay.set(n, controller)
  void ask(probe, controller.signal).then((answered) => {
    underWay.delete(n)
    parentPort!.postMessage({ n, answered } satisfies Report)
  })
})
