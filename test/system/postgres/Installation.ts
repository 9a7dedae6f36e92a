/** An installation of Overdue in a PostgreSQL database: a folder for its commands, and the secret of all its nodes. */
import * as Folder from "../../kit/Folder.ts"
import * as Overdue from "../../kit/Overdue.ts"
import { OverdueServer, type Options } from "../../kit/OverdueServer.ts"

/** The secret, unless another one is given. */
export const secret = "shared by all nodes of an installation"

export interface Installation extends Disposable {
  readonly database: string
  /** Starts a server on it. */
  readonly serve: (options?: Options) => Promise<OverdueServer>
  /** Runs a command of `overdue` to its end; `--database` is in its environment. */
  readonly run: (args: readonly string[], environment?: Overdue.Environment) => Promise<Overdue.Ended>
  /** Starts one. */
  readonly start: (args: readonly string[], environment?: Overdue.Environment) => Overdue.Running
  /** Returns the path of a file in the folder. */
  readonly file: (name: string) => string
}

/** Returns an installation in a database, which need not be there. */
export const at = (database: string): Installation => {
  const folder = Folder.make("postgres")
  const environment = { OVERDUE_SECRET: secret, OVERDUE_DATABASE: database }
  const { run, start } = Overdue.at(folder.path, environment)
  return {
    database,
    serve: (options = {}) =>
      OverdueServer.start(folder.path, {
        ...options,
        database,
        environment: { OVERDUE_SECRET: secret, ...options.environment },
      }),
    run,
    start,
    file: folder.file,
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}
