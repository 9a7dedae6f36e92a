import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { lstatSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import * as Overdue from "../../kit/Overdue.ts"
import * as Receiver from "../../kit/Receiver.ts"
import { jobs, terminalJobs } from "./Jobs.ts"
import type { Case } from "./Jobs.ts"

const id = "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c"

let server: Receiver.Receiver
beforeAll(async () => {
  server = await Receiver.listen()
})
afterAll(() => server.close())

/** What became of a script: what was printed, how it ended, and the files that it left. */
interface Trace {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
  readonly files: Readonly<Record<string, string>>
}

const plainly = 'job() { "$@"; }'
const monitored = 'job() { "$NODE" "$MAIN" run --quiet --check "$CHECK" -- "$@"; }'

/** Pipes of the system for both streams: those of Node, which are sockets, cannot be opened by path. */
const piped = '{ eval "$SCRIPT"; } 2> >(cat >&2) | cat; exit "${PIPESTATUS[0]}"'

/** Runs a script with pipes, in a folder of its own. */
const withPipes = async ({ script, input }: Case, job: string): Promise<Trace> => {
  using folder = Folder.make("alone")
  writeFileSync(folder.file("in"), "from a file\n")
  const { cwd, env } = environment(folder.path)
  const child = spawn("bash", ["-c", `${job}\n${piped}`], { cwd, env: { ...env, SCRIPT: script } })
  return await traceOf(child, input, folder.path)
}

const environment = (folder: string) => ({
  cwd: folder,
  env: {
    PATH: process.env.PATH ?? "",
    HOME: "/nowhere",
    NODE: process.execPath,
    MAIN: Overdue.main,
    CHECK: id,
    OVERDUE_URL: server.url,
    OVERDUE_SPOOL: join(folder, "..", "no-spool"),
    XDG_CACHE_HOME: "/tmp/overdue-cli-cache",
  },
})

const traceOf = async (
  child: ReturnType<typeof spawn>,
  input: string | undefined,
  folder: string,
): Promise<Trace> => {
  const printed = { stdout: "", stderr: "" }
  child.stdout?.setEncoding("latin1").on("data", (text: string) => (printed.stdout += text))
  child.stderr?.setEncoding("latin1").on("data", (text: string) => (printed.stderr += text))
  child.stdin?.on("error", () => {}).end(input)
  const [code] = await once(child, "close")
  return {
    stdout: printed.stdout.replaceAll(folder, ""),
    stderr: printed.stderr.replaceAll(ofBash, ""),
    code,
    files: filesIn(folder),
  }
}

/** What bash says of its own child that a signal ended; under `overdue run` the job is not its child. */
const ofBash = /^(\S+: line \d+: +\d+ )?(Killed|Terminated|Aborted|Real-time signal).*\n/gm

const filesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .toSorted()
      .map((name) => [name, contentOf(join(folder, name))]),
  )

const contentOf = (path: string): string => {
  const found = lstatSync(path)
  const mode = (found.mode & 0o777).toString(8)
  if (found.isSymbolicLink()) return `link to ${readlinkSync(path)}`
  return found.isFile() ? `${mode} ${readFileSync(path, "latin1")}` : mode
}

describe("under `overdue run`, a job that", () => {
  it.concurrent.each(jobs)("$name does as without", async (one) => {
    const [plain, under] = await Promise.all([withPipes(one, plainly), withPipes(one, monitored)])
    expect(under).toEqual(plain)
  })
})

/**
 * Runs a script at a terminal of its own, types the input once it is ready, and copies what the terminal shows. It is
 * ready when it has printed a line, or at once when it prints none by itself.
 */
const terminal = `
import os, pty, sys
typed = sys.argv[1].encode()
pid, fd = pty.fork()
if pid == 0: os.execvp("bash", ["bash", "-c", sys.argv[2]])
import termios
if typed and typed != b"\\x03": os.write(fd, typed); typed = b""
while True:
    try: data = os.read(fd, 65536)
    except OSError: break
    if not data: break
    sys.stdout.buffer.write(data)
    if typed and b"ready" in data: os.write(fd, typed); typed = b""
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

const hasPython = (() => {
  try {
    execFileSync("python3", ["-c", "import pty, os; os.waitstatus_to_exitcode"], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
})()

const atTerminal = async ({ script, input = "" }: Case, job: string): Promise<Trace> => {
  using folder = Folder.make("alone")
  const child = spawn("python3", ["-c", terminal, input, `${job}\n${script}`], environment(folder.path))
  return await traceOf(child, undefined, folder.path)
}

// Without python3 nothing here can make a terminal.
describe.skipIf(!hasPython)("at a terminal, under `overdue run`, a job that", () => {
  it.concurrent.each(terminalJobs)("$name does as without", async (one) => {
    const [plain, under] = await Promise.all([atTerminal(one, plainly), atTerminal(one, monitored)])
    expect(under).toEqual(plain)
  })

  it("does not catch SIGINT ends by one that was sent to run alone", async () => {
    // Job control, or the shell would have its background ignore SIGINT.
    const start = `set -m; "$NODE" "$MAIN" run --quiet --check "$CHECK" --`
    const script = `mkfifo go; ${start} sh -c 'echo >go; exec sleep 1000' & read x <go; kill -INT $!; wait $!; echo "=$?"`
    expect((await atTerminal({ name: "", script }, "")).stdout).toContain("=130")
  })
})
