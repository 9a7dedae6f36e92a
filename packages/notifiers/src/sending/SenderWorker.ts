/** The thread of `SenderThread`: sends what it is told to. */
import { parentPort, workerData } from "node:worker_threads"
import { second, type Span } from "@overdue/core/Time"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { NotifyResponse } from "../HttpKind.ts"
import { inOnePost } from "./InOnePost.ts"
import * as Rehearsal from "./Rehearsal.ts"
import * as Sender from "./Sender.ts"
import * as SenderThread from "./SenderThread.ts"
import type { Options, Order, Report } from "./SenderThread.ts"
import type { Unsent } from "./Unsent.ts"

const { allowPrivateTargets, ...options } = workerData as Options // safe because SenderThread starts this
const send = Sender.make({ ...options, isAllowed: allowPrivateTargets ? () => true : undefined })
const underWay = new Map<number, Fiber.Fiber<NotifyResponse, Unsent>>()

/** How long a thread waits for something to send before it rehearses: those who start it have other things to do. */
const beforeRehearsal: Span = 3 * second

/** Whether there has been nothing to send yet. */
let isNew = true

/** A defect is told as a failure: nobody here can do anything about it. */
const reportOf = (n: number, exit: Exit.Exit<NotifyResponse, Unsent>): Report => {
  if (Exit.isSuccess(exit)) return { n, response: exit.value }
  const { why, permanent } = Option.getOrElse(Cause.findErrorOption(exit.cause), () => ({
    why: "the request failed",
    permanent: false,
  }))
  return { n, why, permanent }
}

const tell = inOnePost<Report>((reports) => parentPort!.postMessage(reports))

const obey = ({ n, request, at }: Order): void => {
  if (request === undefined) {
    const given = underWay.get(n)
    if (given !== undefined) Effect.runFork(Fiber.interrupt(given))
    return
  }
  if (SenderThread.now() - at > SenderThread.sentWithin) {
    tell({ n, why: "this node stood still before it was sent", permanent: false })
    return
  }
  const fiber = Effect.runFork(send(request))
  underWay.set(n, fiber)
  fiber.addObserver((exit) => {
    underWay.delete(n)
    tell(reportOf(n, exit))
  })
}

setTimeout(() => Effect.runFork(Rehearsal.run(() => isNew)), beforeRehearsal)

parentPort!.on("message", (orders: readonly Order[]) => {
  isNew = false
  for (const order of orders) obey(order)
})
