/** A server, or a command, that cannot use its PostgreSQL database says why in one sentence, and what to do. */
import { afterAll, beforeAll, expect, it } from "vitest"
import * as FreePort from "../../kit/FreePort.ts"
import * as Databases from "../../kit/postgres/Databases.ts"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"
import * as Server from "../../kit/postgres/Server.ts"
import * as Installation from "./Installation.ts"

/** One sentence on standard error, and nothing of what opens something. */
const expectSentence = (
  {
    code,
    stdout,
    stderr,
  }: { readonly code: number | null; readonly stdout: string; readonly stderr: string },
  pattern: RegExp,
): void => {
  expect(stderr).toMatch(pattern)
  expect([code === 0, stdout]).toEqual([false, ""])
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(stderr).not.toMatch(/of-no-consequence|hunter2/)
  expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2)
}

await onPostgres("a server that cannot use its PostgreSQL database", ({ fresh }) => {
  const serve = async (database: string, environment = {}) => {
    using own = Installation.at(database)
    return await own.run(["serve", "--port", "0"], environment)
  }

  it("names the user whose password is wrong, and not the password", async () => {
    const wrong = fresh().replace("of-no-consequence", "hunter2")
    expectSentence(await serve(wrong), /refuses its user \(.*\)\. Check user, password and pg_hba\.conf/)
  })

  it("names a database that does not exist, and how to make one", async () => {
    const missing = fresh().replace("/postgres?", "/nowhere?")
    expectSentence(await serve(missing), /PostgreSQL database nowhere at .*does not exist.*CREATE DATABASE/)
  })

  it("says where it has looked for a server, within seconds", async () => {
    const port = await FreePort.find()
    const begun = performance.now()
    expectSentence(
      await serve(`postgres://postgres:hunter2@127.0.0.1:${port}/postgres`),
      new RegExp(`at 127\\.0\\.0\\.1:${port} cannot be reached \\(.*\\)\\. Check that it runs`),
    )
    expect(performance.now() - begun).toBeLessThan(20_000)
  })

  it("asks for the secret that all nodes have, and how to make one", async () => {
    expectSentence(
      await serve(fresh(), { OVERDUE_SECRET: "" }),
      /needs OVERDUE_SECRET.*openssl rand -base64 32/,
    )
  })

  it("does not open what was made under another secret", async () => {
    using own = Installation.at(fresh())
    const server = await own.serve()
    await server.stop()
    const other = { OVERDUE_SECRET: "that of another installation" }
    const refused =
      /cannot be opened with the secret in OVERDUE_SECRET: its keys and badges were made under another one/
    expectSentence(await own.run(["serve", "--port", "0"], other), refused)
    expectSentence(await own.run(["keys", "create"], other), refused)
  })

  it("makes no installation where a command looks for one", async () => {
    using own = Installation.at(fresh())
    expectSentence(await own.run(["projects", "list"]), /has no installation of Overdue.*overdue serve/)
  })
})

await onPostgres("a PostgreSQL server that takes no writes", () => {
  let server: Server.Server
  beforeAll(async () => {
    server = await Server.start()
    await Databases.run(
      server.url,
      "ALTER SYSTEM SET default_transaction_read_only = on",
      "SELECT pg_reload_conf()",
    )
  })
  afterAll(() => server?.stop())

  it("is refused, and it is said why it takes none", async () => {
    using own = Installation.at(server.url)
    expectSentence(
      await own.run(["serve", "--port", "0"]),
      /takes no writes: default_transaction_read_only is on for the server, the database or the user/,
    )
  })

  it("is left for the host that does", async () => {
    await using primary = await Server.start()
    const both = primary.url.replace(
      /127\.0\.0\.1:(\d+)/,
      (host) => `${/127\.0\.0\.1:\d+/.exec(server.url)![0]},${host}`,
    )
    using own = Installation.at(both)
    await using overdue = await own.serve()
    expect((await fetch(`${overdue.url}/healthz`)).status).toBe(200)
    expect(await Databases.run(primary.url, "SELECT count(*) FROM projects")).toEqual([[1]])
  })
})
