/**
 * Two PostgreSQL servers that replicate synchronously, under Patroni and etcd, as Debian has all three: what an operator runs
 * who wants a database that fails over by itself.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process"
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { minute, second } from "@overdue/core/Time"
import { eventually } from "../../kit/Eventually.ts"
import * as FreePort from "../../kit/FreePort.ts"

/** Where Debian has PostgreSQL's programs. */
const programs = process.env["OVERDUE_TEST_POSTGRES_BIN"] ?? "/usr/lib/postgresql/15/bin"

const password = "of-no-consequence"

/** Returns what is missing here, as a sentence; `undefined` when nothing is. */
export const obstacle = (): string | undefined => {
  const missing = [
    ["patroni", "patroni"],
    ["etcd", "etcd-server"],
    [join(programs, "postgres"), "postgresql"],
  ].filter(([program]) => spawnSync(program!, ["--version"]).status !== 0)
  return missing.length === 0
    ? undefined
    : `a cluster needs ${missing.map(([program, name]) => `${program} (package ${name})`).join(", ")}`
}

/** One of the two servers. */
export interface Member {
  readonly name: string
  readonly port: number
}

/** Two servers, of which one takes writes. */
export interface Cluster extends AsyncDisposable {
  /** The address of both, for a schema. */
  readonly url: (schema: string) => string
  /** Resolves with the server that takes writes, once the other has all that it has, and will go on to. */
  readonly settled: () => Promise<Member>
  /** Kills a server, and what would start it again at once. */
  readonly kill: (member: Member) => Promise<void>
  /** Starts it again; it follows the other then. */
  readonly mend: (member: Member) => void
}

/** Starts them. */
export const start = async (): Promise<Cluster> => {
  const folder = mkdtempSync(join(tmpdir(), "overdue-cluster-"))
  const user = owner()
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!)
  const running = new Set<ChildProcess>()
  const run = (name: string, program: string, args: readonly string[]): ChildProcess => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "", HOME: folder, LC_ALL: "C.UTF-8" },
      stdio: ["ignore", "ignore", "ignore"],
      ...user,
    })
    child.on("exit", () => running.delete(child))
    child.on("error", (cause) => {
      throw new Error(`${name} cannot be started`, { cause })
    })
    running.add(child)
    return child
  }

  const [client, peer] = [await FreePort.find(), await FreePort.find()]
  const [clients, peers] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`]
  run("etcd", "etcd", [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
  ])

  const members = await Promise.all(
    ["one", "other"].map(async (name) => ({
      name,
      port: await FreePort.find(),
      rest: await FreePort.find(),
      data: join(folder, name),
      patroni: undefined as ChildProcess | undefined,
    })),
  )
  const mend = (member: Member): void => {
    const found = members.find(({ name }) => name === member.name)!
    const file = join(folder, `${found.name}.yml`)
    writeFileSync(file, configuration(found, client))
    found.patroni = run(`patroni of ${found.name}`, "patroni", [file])
  }
  for (const member of members) {
    mkdirSync(member.data, { mode: 0o700 })
    if (user.uid !== undefined) chownSync(member.data, user.uid, user.gid!)
    mend(member)
  }

  const settled = async (): Promise<Member> => {
    const found = await eventually(
      () => Promise.all(members.map(({ rest }) => cluster(rest))),
      (all) => all.every((found) => isSettled(found)),
      3 * minute,
    )
    const leader = found[0]!.find(({ role }) => role === "leader")!
    return members.find(({ name }) => name === leader.name)!
  }

  return {
    url: (schema) =>
      `postgres://postgres:${password}@${members.map(({ port }) => `127.0.0.1:${port}`).join(",")}/postgres` +
      `?target_session_attrs=read-write&connect_timeout=2&schema=${schema}`,
    settled,
    kill: async (member) => {
      const { patroni, data } = members.find(({ name }) => name === member.name)!
      const ended = new Promise<void>((resolve) => patroni!.once("exit", () => resolve()))
      patroni!.kill("SIGKILL")
      process.kill(postmaster(data), "SIGKILL")
      await ended
    },
    mend,
    async [Symbol.asyncDispose]() {
      for (const child of running) child.kill("SIGKILL")
      for (const { data } of members) {
        try {
          process.kill(postmaster(data), "SIGKILL")
        } catch {
          // It is dead already, or was never started.
        }
      }
      await eventually(
        () => running.size,
        (left) => left === 0,
      )
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: second / 10 })
    },
  }
}

/** What Patroni says of a member. */
interface Said {
  readonly name: string
  readonly role: string
  readonly state: string
}

const cluster = async (port: number): Promise<readonly Said[]> => {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/cluster`)
    const { members } = (await answer.json()) as { readonly members: readonly Said[] } // safe because that is what Patroni answers
    return members
  } catch {
    return []
  }
}

/** One takes writes, and each of them waits until the other has it. */
const isSettled = (members: readonly Said[]): boolean =>
  members.some(({ role, state }) => role === "leader" && state === "running") &&
  members.some(({ role, state }) => role === "sync_standby" && /^(?:running|streaming)$/.test(state))

const postmaster = (data: string): number =>
  Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0])

const configuration = (
  { name, port, rest, data }: Member & { readonly rest: number; readonly data: string },
  etcd: number,
): string => `
scope: overdue
name: ${name}
restapi: { listen: "127.0.0.1:${rest}", connect_address: "127.0.0.1:${rest}" }
etcd3: { host: "127.0.0.1:${etcd}" }
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      parameters: { max_connections: 100, unix_socket_directories: "" }
  initdb: [ { encoding: UTF8 }, data-checksums ]
postgresql:
  listen: 127.0.0.1:${port}
  connect_address: 127.0.0.1:${port}
  data_dir: ${data}
  bin_dir: ${programs}
  pgpass: ${data}.pgpass
  pg_hba:
    - host all all 127.0.0.1/32 scram-sha-256
    - host replication all 127.0.0.1/32 scram-sha-256
  authentication:
    superuser: { username: postgres, password: "${password}" }
    replication: { username: replicator, password: "${password}" }
    rewind: { username: postgres, password: "${password}" }
`

/** PostgreSQL does not run as root. */
const owner = (): { readonly uid?: number; readonly gid?: number } => {
  if (process.getuid?.() !== 0) return {}
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((user) => user.startsWith("postgres:"))
  const [, , uid, gid] = line?.split(":") ?? []
  return { uid: Number(uid), gid: Number(gid) }
}
