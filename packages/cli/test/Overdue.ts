/** The overdue command as its users have it: a process, with its state and cache in a folder of its own. */
import { spawn } from "node:child_process"
import type { ChildProcessByStdio } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Readable, Writable } from "node:stream"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  /** Resolves once stdout so far contains the text. */
  readonly said: (text: string) => Promise<void>
  readonly ended: Promise<Ended>
}

export interface Overdue extends AsyncDisposable {
  readonly folder: string
  readonly start: (args: readonly string[], environment?: Readonly<Record<string, string>>) => Running
  readonly run: (args: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<Ended>
}

export const make = async (environment: Readonly<Record<string, string>> = {}): Promise<Overdue> => {
  const folder = await mkdtemp(join(tmpdir(), "overdue-cli-"))
  const own = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    // Shared between the tests, so that each start does not strip the types again.
    XDG_CACHE_HOME: join(tmpdir(), "overdue-cli-cache"),
  }
  const start: Overdue["start"] = (args, more = {}) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { ...own, ...environment, ...more },
      stdio: ["pipe", "pipe", "pipe"],
    })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
    const said = async (text: string) => {
      while (!stdout.includes(text)) await once(child.stdout, "data")
    }
    const ended = once(child, "close").then(([code, signal]) => ({ code, signal, stdout, stderr }))
    return { child, said, ended }
  }
  const run: Overdue["run"] = (args, more) => {
    const { child, ended } = start(args, more)
    child.stdin.end()
    return ended
  }
  return { folder, start, run, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
