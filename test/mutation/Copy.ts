/** A copy of the workspace in a temporary folder, whose tests run its own sources. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { constants, tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"

const root = join(import.meta.dirname, "..", "..")

/** How a run of tests ended. */
export interface Outcome {
  /**
   * `timeout`: it was ended because it took too long. `broken`: a file of tests could not even be loaded, or none of its
   * tests was meant.
   */
  readonly is: "passed" | "failed" | "timeout" | "broken"
  /** The names of tests that failed. */
  readonly failed: readonly string[]
  readonly output: string
}

/** A copy. */
export interface Copy extends Disposable {
  /** Returns the path of a file of the copy. */
  readonly file: (path: string) => string
  /** Runs tests until one fails. */
  readonly test: (tests: Tests) => Promise<Outcome>
}

/** Which tests are run, and for how long. */
export interface Tests {
  /** Parts of the paths of their files. */
  readonly files: readonly string[]
  /** Parts of their names, one of which each has; empty: all in these files. */
  readonly named: readonly string[]
  /** Milliseconds that each may take. */
  readonly each: number
  /** Milliseconds that all may take together. */
  readonly together: number
}

/** Copies what git would keep, with all that is not committed yet. */
export const make = (): Copy => {
  const folder = mkdtempSync(join(tmpdir(), "overdue-planted-"))
  const file = (path: string): string => join(folder, path)
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  })
  const paths = listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)))
  for (const path of paths) {
    mkdirSync(dirname(file(path)), { recursive: true })
    cpSync(join(root, path), file(path), { verbatimSymlinks: true })
  }
  symlinkSync(join(root, "node_modules"), file("node_modules"), "dir")
  // Relative links, so that those to packages of the workspace lead to the copies.
  for (const path of paths.filter((path) => /^.+\/package\.json$/.test(path))) {
    const modules = join(dirname(path), "node_modules")
    if (existsSync(join(root, modules))) {
      cpSync(join(root, modules), file(modules), { recursive: true, verbatimSymlinks: true })
    }
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  let running: ChildProcess | undefined
  const stop = (signal: NodeJS.Signals): void => {
    if (running !== undefined) kill(running)
    remove()
    process.exit(128 + constants.signals[signal])
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop)
  return {
    file,
    test: async (tests) => {
      running = start(folder, tests)
      const outcome = await outcomeOf(running, folder, tests)
      running = undefined
      return outcome
    },
    [Symbol.dispose]: () => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop)
      remove()
    },
  }
}

const reportIn = (folder: string): string => join(folder, "report.json")

const start = (folder: string, { files, named, each }: Tests): ChildProcess => {
  rmSync(reportIn(folder), { force: true })
  return spawn(
    process.execPath,
    [
      join(folder, "node_modules", "vitest", "vitest.mjs"),
      "run",
      "--config=test/vitest.config.ts",
      "--bail=1",
      `--testTimeout=${each}`,
      "--reporter=dot",
      "--reporter=json",
      `--outputFile.json=${reportIn(folder)}`,
      ...(named.length === 0 ? [] : [`--testNamePattern=${named.map(escaped).join("|")}`]),
      ...files,
    ],
    {
      cwd: folder,
      // A group of its own, with the servers and commands that the tests have started.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PATH: [join(folder, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
        NO_COLOR: "1",
        XDG_DATA_HOME: folder,
        // A part of the cases of each law, the same for each bug.
        OVERDUE_CASES: "0.1",
        OVERDUE_SEED: "1",
      },
    },
  )
}

const outcomeOf = async (child: ChildProcess, folder: string, { together }: Tests): Promise<Outcome> => {
  let output = ""
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()))
  const { code, isLate } = await ended(child, together)
  if (isLate) return { is: "timeout", failed: [], output }
  return { ...judged(reportIn(folder), code), output }
}

/** Returns what matches a text as it is written. */
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** Resolves to the exit code of a process, which is ended when it takes too long, and with it all that it has started. */
const ended = (child: ChildProcess, most: number) =>
  new Promise<{ readonly code: number | null; readonly isLate: boolean }>((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      kill(child)
    }, most)
    child.on("error", reject)
    child.on("close", (code) => {
      clearTimeout(timer)
      // A bug may have left a job without the signal that was to end it.
      kill(child)
      resolve({ code, isLate })
    })
  })

/** Ends a process with all that it has started. */
const kill = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL")
  } catch {
    // It has ended by itself.
  }
}

interface Report {
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

const judged = (report: string, code: number | null): Pick<Outcome, "is" | "failed"> => {
  if (!existsSync(report)) return { is: "broken", failed: [] }
  const { testResults }: Report = JSON.parse(readFileSync(report, "utf8"))
  const all = testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = all.filter(({ status }) => status === "failed").map(({ fullName }) => fullName)
  if (code === 0) return { is: all.some(({ status }) => status === "passed") ? "passed" : "broken", failed }
  const isBroken = testResults.some(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  )
  return { is: isBroken && failed.length === 0 ? "broken" : "failed", failed }
}
