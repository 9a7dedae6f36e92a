/** A real PostgreSQL server of one's own: in a temporary folder, on a free port of loopback, gone with this process. */
import { fork, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { Unavailable } from "./Binaries.ts"
import type { Order, Report, Request } from "./keeper.ts"

/** A server that is running. */
export interface Server extends AsyncDisposable {
  /** The address of its database `postgres`, for the user that may do everything. */
  readonly url: string
  /** Where its files are, and its socket. */
  readonly folder: string
  /** The process that all its others come from; another one after `mend`. */
  readonly pid: () => number
  /** Ends it at once, as a crash does. */
  readonly break: () => Promise<void>
  /** Starts it again, where it was. */
  readonly mend: () => Promise<void>
  /** Ends it for good, with all that it has. */
  readonly stop: () => Promise<void>
}

/** How a server is to be. */
export interface Options {
  /** Whether it waits for the disk, as it does unless it is told otherwise; by default not: a test survives no crash of the machine. */
  readonly isDurable?: boolean
  /** What it proves by TLS who it is with; by default it has no encryption. */
  readonly certificate?: { readonly cert: string; readonly key: string }
  /** Whether it listens on a Unix socket in its folder as well; by default not. */
  readonly hasSocket?: boolean
  /** Further settings: `name=value`. */
  readonly settings?: readonly string[]
}

const password = "of-no-consequence"

const hasty = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]

/** Starts a server. Fails with an `Unavailable` where none can run. */
export const start = async (options: Options = {}): Promise<Server> => {
  const { isDurable = false, certificate, hasSocket = false, settings = [] } = options
  const encrypted = ["ssl=on", "ssl_cert_file=server.crt", "ssl_key_file=server.key"]
  const request: Request = {
    password,
    settings: [...(isDurable ? [] : hasty), ...(certificate === undefined ? [] : encrypted), ...settings],
    files: certificate === undefined ? {} : { "server.crt": certificate.cert, "server.key": certificate.key },
    hasSocket,
  }
  const keeper = fork(new URL("keeper.ts", import.meta.url), [JSON.stringify(request)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: [],
  })
  const { port, pid: first, folder } = await report(keeper)
  let pid = first
  // Whoever has forgotten it may end all the same, and takes it along.
  keeper.unref()
  keeper.channel?.unref()
  const order = async (given: Order): Promise<Report> => {
    keeper.channel?.ref()
    const answer = once(keeper, "message")
    keeper.send(given)
    // safe because that is what the keeper says
    const [said] = (await answer) as [Report]
    keeper.channel?.unref()
    if (said.type === "failed") throw new Error(said.why)
    return said
  }
  const stop = async (): Promise<void> => {
    if (keeper.exitCode !== null || keeper.signalCode !== null) return
    keeper.ref()
    const ended = once(keeper, "exit")
    if (keeper.connected) keeper.disconnect()
    await ended
  }
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    folder,
    pid: () => pid,
    break: async () => void (await order({ type: "break" })),
    mend: async () => {
      const said = await order({ type: "mend" })
      if (said.type === "runs") pid = said.pid
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Resolves with what the keeper says first. */
const report = (keeper: ChildProcess): Promise<Extract<Report, { type: "runs" }>> =>
  new Promise((resolve, reject) => {
    keeper.once("message", (said: Report) => {
      if (said.type === "runs") resolve(said)
      else reject(new Unavailable(said.type === "failed" ? said.why : said.type))
    })
    keeper.once("exit", (code) => reject(new Unavailable(`its keeper ended with ${code}`)))
    keeper.once("error", reject)
  })
