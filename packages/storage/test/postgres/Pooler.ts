/** PgBouncer, as Debian has it, before a server: each transaction gets whichever connection is free. */
import { spawn, spawnSync } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Redacted from "effect/Redacted"
import type { Address } from "@overdue/storage/postgres/Address"
import * as FreePort from "../../../../test/kit/FreePort.ts"

/** Where Debian's package has it. */
const program = "/usr/sbin/pgbouncer"

/** Returns why it cannot run here; `undefined` when it can. */
export const obstacle = (): string | undefined =>
  spawnSync(program, ["--version"]).status === 0 ? undefined : `there is no ${program} (package pgbouncer)`

/** A pooler that runs. */
export interface Pooler extends AsyncDisposable {
  readonly port: number
}

/** Starts it before a server, with further settings. It does not run as root. */
export const start = async (
  { hosts, username, password }: Address,
  settings: readonly string[] = [],
): Promise<Pooler> => {
  const folder = mkdtempSync(join(tmpdir(), "overdue-pooler-"))
  chmodSync(folder, 0o755)
  const port = await FreePort.find()
  const secret = password === undefined ? "" : Redacted.value(password)
  const file = join(folder, "pgbouncer.ini")
  writeFileSync(
    file,
    [
      "[databases]",
      `* = host=${hosts[0]!.host} port=${hosts[0]!.port} user=${username} password=${secret}`,
      "[pgbouncer]",
      "listen_addr = 127.0.0.1",
      `listen_port = ${port}`,
      "unix_socket_dir =",
      "auth_type = any",
      "pool_mode = transaction",
      "default_pool_size = 3",
      "max_client_conn = 200",
      ...settings,
    ].join("\n"),
  )
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const child = spawn(program, [file], { stdio: ["ignore", "ignore", "pipe"], ...nobody })
  const ended = new Promise<void>((resolve) => {
    child.on("exit", () => resolve())
  })
  await new Promise<void>((resolve, reject) => {
    let said = ""
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes("process up")) resolve()
    })
    child.on("exit", () => reject(new Error(`PgBouncer did not start: ${said}`)))
  })
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL")
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
