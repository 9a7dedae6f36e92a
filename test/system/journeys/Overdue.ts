/** A real server for tests: `overdue serve` in a process of its own, over a database in a folder of its own. */
import { spawn, type ChildProcess } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export const main = new URL("../../../packages/cli/src/main.ts", import.meta.url).pathname

export const keys = {
  apiKey: "X".repeat(32),
  apiKeyReadOnly: "R".repeat(32),
  pingKey: "pingkey0123456789abcd",
} as const

export interface Output {
  readonly stdout: string
  readonly stderr: string
}

export interface Ended extends Output {
  /** Exit code, or the name of the signal that ended it. */
  readonly by: number | NodeJS.Signals | null
}

interface Spawned {
  readonly child: ChildProcess
  readonly output: Output
  readonly ended: Promise<Ended>
}

/** A process that listens. */
export class Overdue implements AsyncDisposable {
  readonly url: string
  readonly child: ChildProcess
  /** What it has printed so far. */
  readonly output: Output
  readonly ended: Promise<Ended>

  constructor(url: string, { child, output, ended }: Spawned) {
    this.url = url
    this.child = child
    this.output = output
    this.ended = ended
  }

  /** A call of the management API. */
  async api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly json: Readonly<Record<string, unknown>> }> {
    const response = await fetch(this.url + path, {
      method,
      headers: { "X-Api-Key": keys.apiKey },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, json: text.startsWith("{") ? JSON.parse(text) : { text } }
  }

  /** Resolves with the first match in what it has printed on standard output, and will print. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(this.output.stdout)
        if (match !== null) resolve(match)
      }
      look()
      this.child.stdout!.on("data", look)
      void this.ended.then(() => reject(new Error(`it ended without printing ${pattern}`)))
    })
  }

  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL")
  }
}

/** Runs a command line of `overdue` to its end. */
export const run = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd?: string,
): Promise<Ended> => spawned(args, environment, cwd).ended

const spawned = (
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd?: string,
): Spawned => {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const output = { stdout: "", stderr: "" }
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()))
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()))
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ by: code ?? signal, ...output }))
  })
  return { child, output, ended }
}

/** Starts a server and waits for its first line. */
export const start = (
  directory: string,
  options: {
    readonly args?: readonly string[]
    readonly environment?: Readonly<Record<string, string>>
  } = {},
): Promise<Overdue> =>
  new Promise((resolve, reject) => {
    const database = `sqlite:${join(directory, "overdue.db")}`
    const server = spawned(
      ["serve", "--port", "0", "--database", database, "--allow-private-targets", ...(options.args ?? [])],
      {
        OVERDUE_API_KEY: keys.apiKey,
        OVERDUE_API_KEY_READONLY: keys.apiKeyReadOnly,
        OVERDUE_PING_KEY: keys.pingKey,
        ...options.environment,
      },
    )
    server.child.stdout!.on("data", () => {
      const url = /^overdue is listening on (http:\/\/\S+)\n/.exec(server.output.stdout)?.[1]
      if (url !== undefined) resolve(new Overdue(url, server))
    })
    void server.ended.then((end) => reject(new Error(`overdue ended by ${end.by}: ${end.stderr}`)))
  })

/** A folder that goes with the test. */
export const folder = (): { readonly path: string } & Disposable => {
  const path = mkdtempSync(join(tmpdir(), "overdue-"))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
