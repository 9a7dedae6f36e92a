// Starts a server and keeps it until a signal says stop.
import { StoreError } from "@overdue/core/Store"
import * as Monitor from "@overdue/engine/Monitor"
import * as Notifiers from "@overdue/notifiers"
import * as NodeServer from "@overdue/server/NodeServer"
import * as Server from "@overdue/server/Server"
import { Site } from "@overdue/server/Site"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { Failure, type Io } from "../Command.ts"
import type { Config } from "./Config.ts"
import * as FirstStart from "./FirstStart.ts"
import * as Secret from "./Secret.ts"

export async function run(config: Config, io: Io): Promise<number> {
  const stopped = signalled()
  const secret = config.secret ?? Secret.of(config.database)
  const root = { current: config.siteRoot ?? "" }
  const runtime = ManagedRuntime.make(engine(config))
  try {
    const services = await runtime.context()
    const keys = await runtime.runPromise(FirstStart.run(config, secret))
    const site: Site["Service"] = {
      // Known only once the port is.
      get root() {
        return root.current
      },
      get pingEmailDomain() {
        return config.pingEmailDomain ?? new URL(root.current).hostname
      },
      secret,
    }
    const serve = Server.serve(Context.add(services, Site, site))
    const listening = await NodeServer.listen(serve, config)
    root.current ||= listening.url
    io.stdout.write(`overdue is listening on ${listening.url}\n${FirstStart.describe(keys)}`)
    await stopped
    await listening.close()
    return 0
  } catch (error) {
    throw sentence(error, config)
  } finally {
    await runtime.dispose()
  }
}

const engine = (config: Config) =>
  Monitor.layer({
    store: Sqlite.layer({ filename: config.database.filename }),
    notifiers: Notifiers.layer({
      allowPrivateTargets: config.allowPrivateTargets,
      siteRoot: config.siteRoot,
    }),
    settings: config.pingBodyLimit === undefined ? {} : { pingBodyLimit: config.pingBodyLimit },
    // Standard output is for the lines that scripts wait for.
  }).pipe(Layer.provideMerge(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])))

/** Resolves at the first SIGTERM or SIGINT. A second one does what it does by default: it ends the process. */
const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = (): void => {
      process.off("SIGTERM", stop)
      process.off("SIGINT", stop)
      resolve()
    }
    process.on("SIGTERM", stop)
    process.on("SIGINT", stop)
  })

/** What Node says when it cannot listen, and what to do about it. */
const listenFailures: Readonly<Record<string, (at: string) => string>> = {
  EADDRINUSE: (at) => `${at} is in use by another program; choose another port with --port`,
  EACCES: (at) => `this user may not listen on ${at}; choose a port above 1023 with --port`,
  EADDRNOTAVAIL: (at) => `${at} is no address of this machine; choose another with --host`,
  ENOTFOUND: (at) => `${at} is no address that can be found; choose another with --host`,
}

/** What went wrong at the start as a sentence, or, when nobody foresaw it, as it is. */
function sentence(error: unknown, config: Config): unknown {
  if (error instanceof StoreError) return new Failure(error.detail)
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? ""
  const describe = Object.hasOwn(listenFailures, code) ? listenFailures[code] : undefined
  return describe === undefined ? error : new Failure(describe(`${config.host}:${config.port}`))
}
