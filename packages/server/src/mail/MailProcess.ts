/** The processes that read mail: how they are started and ended, whoever does. */
import { fork, type ChildProcess, type ForkOptions } from "node:child_process"
import { extname } from "node:path"
import { fileURLToPath } from "node:url"

/** Starts a program beside this file: TypeScript in the workspace, JavaScript in the published package. */
export const start = (name: "MailStarter" | "MailWorker", options: ForkOptions = {}): ChildProcess =>
  fork(fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url)), {
    execArgv: [],
    serialization: "advanced",
    // A process that runs out of memory prints a page of addresses, which helps nobody.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    ...options,
  })

/** Ends a process, of which nothing is heard any more. */
export const end = (child: ChildProcess | undefined): void => {
  child?.removeAllListeners()
  // Without a listener, an error of the process that is being ended would end this one.
  child?.on("error", () => undefined)
  child?.kill("SIGKILL")
}
