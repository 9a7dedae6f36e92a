/** How a program ends that runs until it is told to. */
import { second, type Span } from "@overdue/core/Time"

/** Resolves at the first SIGTERM or SIGINT, to its name. A second one ends the process, as it does by default. */
export const signalled = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      process.off("SIGTERM", stop)
      process.off("SIGINT", stop)
      resolve(signal)
    }
    process.on("SIGTERM", stop)
    process.on("SIGINT", stop)
  })

/** Returns a signal that is aborted once the process is told to end. */
export const stopping = (): AbortSignal => {
  const stop = new AbortController()
  void signalled().then(() => stop.abort())
  return stop.signal
}

/** Ends the process once its command is over: a connection that is kept open must not keep it. */
export const leave = (): void => void setImmediate(() => process.exit())

/** How long what a command has said may take to be read once it was told to end. */
const parting: Span = second / 2

/** Ends the process a little later, if it has not ended by itself: it may be waiting for a reader of what it has written. */
export const leaveSoon = (): void => void setTimeout(() => process.exit(), parting).unref()
