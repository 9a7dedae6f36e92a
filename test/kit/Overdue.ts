/** The overdue command as its users have it: a process, with its state and cache in a folder of its own. */
import { spawn, type ChildProcessByStdio } from "node:child_process"
import { once } from "node:events"
import type { Readable, Writable } from "node:stream"
import * as Bundle from "./Bundle.ts"
import * as Folder from "./Folder.ts"

export { main } from "./Bundle.ts"

/** Variables and their values. */
export type Environment = Readonly<Record<string, string>>

/** What a process has printed. */
export interface Output {
  readonly stdout: string
  readonly stderr: string
}

/** How a process ended. */
export interface Ended extends Output {
  /** `null` when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process that has been started. */
export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  /** What it has printed so far. */
  readonly output: Output
  /** Resolves with the first match in what it has printed on stdout and will print; fails when it ends without. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly ended: Promise<Ended>
}

/** The command in a folder. */
export interface Commands {
  readonly folder: string
  /** What it finds in its environment. */
  readonly environment: Environment
  readonly start: (args: readonly string[], environment?: Environment) => Running
  /** Runs a command line to its end; nothing comes from standard input. */
  readonly run: (args: readonly string[], environment?: Environment) => Promise<Ended>
}

/** The command in a folder of its own, which goes with it. */
export interface Overdue extends Commands, AsyncDisposable {}

/** Returns the command in a folder that somebody else looks after. */
export const at = (folder: string, environment: Environment = {}): Commands => {
  const own = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    // The zone of the machine must not matter, which is tried by running tests under several.
    ...(process.env.TZ !== undefined && { TZ: process.env.TZ }),
    XDG_CACHE_HOME: Bundle.cache,
  }
  const start: Commands["start"] = (args, more) => {
    const child = spawn(process.execPath, [Bundle.main, ...args], {
      cwd: folder,
      env: { ...own, ...environment, ...more },
      stdio: ["pipe", "pipe", "pipe"],
    })
    return running(child)
  }
  const run: Commands["run"] = (args, more) => {
    const { child, ended } = start(args, more)
    child.stdin.end()
    return ended
  }
  return { folder, environment: { ...own, ...environment }, start, run }
}

/** Returns the command in a new and empty folder. */
export const make = async (environment: Environment = {}): Promise<Overdue> => {
  const folder = Folder.make("cli")
  return {
    ...at(folder.path, environment),
    [Symbol.asyncDispose]: async () => folder[Symbol.dispose](),
  }
}

const running = (child: Running["child"]): Running => {
  const output = { stdout: "", stderr: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text))
  const ended = once(child, "close").then(([code, signal]): Ended => ({ code, signal, ...output }))
  const printed: Running["printed"] = (pattern) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output.stdout)
        if (match !== null) resolve(match)
      }
      look()
      child.stdout.on("data", look)
      void ended.then(({ code, signal, stderr }) =>
        reject(new Error(`it ended by ${code ?? signal} without printing ${pattern}: ${stderr}`)),
      )
    })
  return { child, output, printed, ended }
}
