/** Metrics that are read when somebody looks, and those of the whole store, which are read now and then. */
import { Connections } from "@overdue/core/Connections"
import { second, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { hosted } from "./Hosted.ts"
import * as Meter from "./Meter.ts"
import { metrics } from "./Metrics.ts"
import * as Activity from "./queries/Activity.ts"
import * as SteadyClock from "./SteadyClock.ts"

/** How often the store is asked for what waits in it, for exporters that push: as often as those usually do. */
export const every: Span = 15 * second

/** Reads what waits in the store. While that cannot be read there are no such metrics: old ones would reassure. */
export const read = Effect.gen(function* () {
  const meter = yield* Meter.current
  const found = yield* Effect.exit(Activity.ofInstallation)
  if (Exit.isFailure(found)) {
    meter.forget(metrics.pending)
    meter.forget(metrics.dueAge)
    return
  }
  const { pending, dueSince } = found.value
  const now = yield* SteadyClock.now
  meter.record(metrics.pending, pending)
  meter.record(metrics.dueAge, Math.max(0, now - (dueSince ?? now)) / second)
})

/** Shows what the process and the pool of the store do. */
const watched = Effect.gen(function* () {
  const meter = yield* Meter.current
  const usage = yield* Connections
  if (usage !== undefined) {
    for (const state of ["busy", "idle", "waiting"] as const)
      yield* meter.watch(metrics.connections, () => usage()[state], [state])
  }
  const { cpuUsage, memoryUsage, uptime } = hosted ?? {}
  if (cpuUsage !== undefined) yield* meter.watch(metrics.cpu, () => secondsOf(cpuUsage()))
  if (memoryUsage !== undefined) {
    yield* meter.watch(metrics.memory, () => memoryUsage().rss)
    yield* meter.watch(metrics.heap, () => memoryUsage().heapUsed)
  }
  if (uptime !== undefined) yield* meter.watch(metrics.uptime, () => uptime())
})

const secondsOf = ({ user, system }: { readonly user: number; readonly system: number }): number =>
  (user + system) / 1e6

/** The layer of all of them, until it is closed. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    yield* watched
    const { sleep } = yield* SteadyClock.SteadyClock
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(read, sleep(every))))
  }),
)
