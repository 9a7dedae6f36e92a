/** How a program ends that runs until it is told to. */

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
