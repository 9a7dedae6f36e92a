/** What `Monitor.wrap` does: a job, with signals of its start and of its end. */
import type * as Receive from "../commands/Receive.ts"
import type { PingOptions } from "./PingOptions.ts"

/** Sends a signal for the check with an id. */
type Signal = (id: string, options: PingOptions) => Promise<Receive.Receipt>

/**
 * Runs a job between two signals of the same run. Returns what the job returns; when it throws or rejects, signals the
 * failure with the stack as body, and rejects as the job does.
 */
export const run = async <A>(
  monitor: { readonly start: Signal; readonly success: Signal; readonly fail: Signal },
  id: string,
  job: () => A | Promise<A>,
): Promise<A> => {
  const rid = crypto.randomUUID()
  await monitor.start(id, { rid })
  try {
    const result = await job()
    await monitor.success(id, { rid })
    return result
  } catch (error) {
    await monitor.fail(id, {
      rid,
      body: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
    throw error
  }
}
