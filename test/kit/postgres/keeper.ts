/**
 * Keeps a PostgreSQL server for the process that forked it, and takes it away with its folder when that process ends,
 * however it ends. Run by `Server`.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import * as FreePort from "../FreePort.ts"
import * as Binaries from "./Binaries.ts"

/** What the keeper is told. */
export type Order =
  /** Ends the server at once, as a crash does, and keeps its files. */
  | { readonly type: "break" }
  /** Starts it again on the same port. */
  | { readonly type: "mend" }

/** What the keeper says: how it went. */
export type Report =
  | { readonly type: "runs"; readonly port: number; readonly pid: number; readonly folder: string }
  | { readonly type: "broken" }
  | { readonly type: "failed"; readonly why: string }

type Running = Extract<Report, { type: "runs" }>

/** What it is started with, as one JSON text. */
export interface Request {
  readonly password: string
  /** Settings beside its defaults: `name=value`. */
  readonly settings: readonly string[]
  /** Files that only it may read, by their names; settings name them from its folder on. */
  readonly files: Readonly<Record<string, string>>
  /** Whether it listens on a Unix socket as well. */
  readonly hasSocket: boolean
}

/** How often to start when somebody else takes the free port before the server does. */
const tries = 3

// safe because only `Server` starts this program
const request = JSON.parse(process.argv[2]!) as Request
const folder = mkdtempSync(join(tmpdir(), "overdue-postgres-"))
const data = join(folder, "data")
let server: ChildProcess | undefined
let said = ""

/** Makes the folder of the database, whose texts are sorted as people do, and not as bytes are. */
const initialise = async ({ initdb, user }: Binaries.Binaries): Promise<void> => {
  chmodSync(folder, 0o755)
  mkdirSync(data, { mode: 0o700 })
  if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid)
  const password = join(folder, "password")
  writeFileSync(password, `${request.password}\n`, { mode: 0o644 })
  const sorting = ["--locale=C", "--locale-provider=icu", "--icu-locale=en", "--encoding=UTF8"]
  const access = ["--username=postgres", `--pwfile=${password}`, "--auth=scram-sha-256"]
  await promisify(execFile)(initdb, [`--pgdata=${data}`, ...access, ...sorting, "--no-sync"], {
    ...user,
    cwd: folder,
  })
}

/** Starts the server, and resolves once it takes connections; fails with what it has said when it ends instead. */
const run = async ({ postgres, user }: Binaries.Binaries, port: number): Promise<Running> => {
  const sockets = request.hasSocket ? data : ""
  const own = ["listen_addresses=127.0.0.1", `unix_socket_directories=${sockets}`, "max_connections=300"]
  const flags = [...own, ...request.settings].flatMap((setting) => ["-c", setting])
  const child = spawn(postgres, ["-D", data, "-p", String(port), ...flags], {
    ...user,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  })
  said = ""
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4_000)
      if (said.includes("ready to accept connections")) resolve()
    })
    child.once("error", reject)
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${said}`)))
  })
  server = child
  return { type: "runs", port, pid: child.pid!, folder: data }
}

const start = async (binaries: Binaries.Binaries): Promise<Running> => {
  await initialise(binaries)
  for (const [name, text] of Object.entries(request.files)) {
    writeFileSync(join(data, name), text, { mode: 0o600 })
    const { uid, gid } = binaries.user
    if (uid !== undefined && gid !== undefined) chownSync(join(data, name), uid, gid)
  }
  for (let left = tries - 1; ; left--) {
    try {
      return await run(binaries, await FreePort.find())
    } catch (cause) {
      if (left === 0) throw cause
    }
  }
}

/** Ends the server without what it does at a shutdown: of what it has stored nobody reads anything. */
const stop = async (): Promise<void> => {
  const child = server
  server = undefined
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.kill("SIGQUIT")
  await once(child, "exit")
}

const say = (report: Report): void => {
  if (process.connected) process.send!(report)
}

const failed = (cause: unknown): Report => ({
  type: "failed",
  why: cause instanceof Error ? cause.message : String(cause),
})

const leave = async (): Promise<void> => {
  await stop()
  rmSync(folder, { recursive: true, force: true })
  process.exit()
}

// Ctrl-C reaches all processes of a terminal: the server is needed until whoever uses it has ended.
for (const signal of ["SIGINT", "SIGHUP", "SIGTERM"] as const) process.on(signal, () => {})
process.once("disconnect", () => void working.then(leave))

const binaries = (async () => Binaries.find(folder))()
/** What is being done: one thing after the other. */
let working: Promise<unknown> = binaries.then(start).then(
  (first) => {
    say(first)
    process.on("message", ({ type }: Order) => {
      working = working.then(() => obey(type, first.port)).then(say)
    })
  },
  (cause: unknown) => {
    say(failed(cause))
    if (process.connected) process.disconnect()
  },
)

const obey = async (type: Order["type"], port: number): Promise<Report> => {
  try {
    if (type === "mend") return await run(await binaries, port)
    await stop()
    return { type: "broken" }
  } catch (cause) {
    return failed(cause)
  }
}
