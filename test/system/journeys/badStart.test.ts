/** A server that cannot start says why in one sentence, and what to do. */
import { readdirSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import * as Overdue from "../../kit/Overdue.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"

const serve = async (...args: string[]): Promise<Overdue.Ended> => {
  await using overdue = await Overdue.make()
  return await overdue.run(["serve", ...args])
}

/** Another program, and the port that it has. */
const occupied = async (address: string) => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, address, resolve))
  const { port } = other.address() as AddressInfo
  return { other, port }
}

/** As on most machines: `localhost` is of both kinds. */
const named = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`
    import dns from "node:dns/promises"
    import { syncBuiltinESMExports } from "node:module"
    dns.lookup = async () => [{ address: "127.0.0.1", family: 4 }, { address: "::1", family: 6 }]
    syncBuiltinESMExports()`)}`,
}

/** One sentence on standard error, no stack trace, nothing on standard output. */
const expectSentence = (ended: Overdue.Ended, pattern: RegExp): void => {
  expect(ended.code).not.toBe(0)
  expect(ended.stdout).toBe("")
  expect(ended.stderr).toMatch(pattern)
  expect(ended.stderr).not.toMatch(/^\s+at /m)
  expect(ended.stderr.trim().split("\n").length).toBeLessThanOrEqual(2)
}

describe("a server that cannot start", () => {
  it("names a port that is in use and the flag that changes it", async () => {
    using folder = Folder.make()
    const { other, port } = await occupied("127.0.0.1")
    const ended = await serve("--port", String(port), "--database", `sqlite:${join(folder.path, "a.db")}`)
    other.close()
    expectSentence(ended, new RegExp(`127.0.0.1:${port} is in use by another program.*--port`))
    // Not even a database: the keys of a first start would be made, and never shown.
    expect(readdirSync(folder.path)).toEqual([])
  })

  it("names a mail port that is in use, and lets go of the other", async () => {
    using folder = Folder.make()
    const { other, port } = await occupied("127.0.0.1")
    const database = `sqlite:${join(folder.path, "a.db")}`
    const ended = await serve("--port", "0", "--database", database, "--smtp-port", String(port))
    other.close()
    expectSentence(ended, new RegExp(`127.0.0.1:${port} is in use by another program.*--smtp-port`))
    expect(readdirSync(folder.path)).toEqual([])
  })

  it("shows the keys of the first start all the same, when a port turns out to be taken only then", async () => {
    using folder = Folder.make()
    const { other, port } = await occupied("127.0.0.1")
    other.close()
    const database = `sqlite:${join(folder.path, "a.db")}`
    const ports = ["--port", String(port), "--smtp-port", String(port)]
    const { code, stdout, stderr } = await serve(...ports, "--database", database)
    expect([code, stderr]).toEqual([1, expect.stringContaining("is in use by another program")])
    expect(stdout).toMatch(/shown only now:\n +API key +\S+\n/)
  })

  it.each(["127.0.0.1", "::1"])(
    "names the address of a name on which the port is in use, of which clients would get the other program: %s",
    async (address) => {
      await using overdue = await Overdue.make()
      const { other, port } = await occupied(address)
      const ended = await overdue.run(["serve", "--host", "localhost", "--port", String(port)], named)
      other.close()
      const shown = address === "::1" ? String.raw`\[::1\]` : address
      const sentence = `${shown}:${port}, which localhost stands for as well, is in use by another program.*--port`
      expectSentence(ended, new RegExp(sentence))
    },
  )

  it("names a certificate that cannot be read, or is none", async () => {
    using folder = Folder.make()
    const file = join(folder.path, "cert.pem")
    const args = ["--port", "0", "--database", "sqlite::memory:", "--smtp-port", "0"]
    const certificate = ["--smtp-cert", file, "--smtp-key", file]
    expectSentence(await serve(...args, ...certificate), /--smtp-cert cannot be read: .*cert\.pem/)
    writeFileSync(file, "not a certificate")
    expectSentence(await serve(...args, ...certificate), /are not a certificate and its key in PEM/)
  })

  it("says that a file is no database and leaves it as it is", async () => {
    using folder = Folder.make()
    const file = join(folder.path, "notes.txt")
    writeFileSync(file, "these are notes, and not a database at all\n".repeat(200))
    expectSentence(
      await serve("--port", "0", "--database", `sqlite:${file}`),
      /notes\.txt.*(not a database|corrupt)/,
    )
    // No secret beside it either.
    expect(readdirSync(folder.path)).toEqual(["notes.txt"])
  })

  it("names a folder that does not exist", async () => {
    using folder = Folder.make()
    const database = `sqlite:${join(folder.path, "none", "a.db")}`
    expectSentence(await serve("--port", "0", "--database", database), /none.*does not exist/)
  })

  it("says that a database is of a newer version", async () => {
    using folder = Folder.make()
    await (await OverdueServer.start(folder.path)).stop()
    const file = join(folder.path, "overdue.db")
    const database = new DatabaseSync(file)
    database.exec("INSERT INTO migrations (version, name) VALUES (1000, 'from the future')")
    database.close()
    expectSentence(await serve("--port", "0", "--database", `sqlite:${file}`), /version 1000.*newer/)
  })

  it("names a file that cannot be written", async () => {
    using folder = Folder.make()
    const file = join(folder.path, "file")
    writeFileSync(file, "")
    expectSentence(await serve("--port", "0", "--database", `sqlite:${file}/overdue.db`), /file\/overdue\.db/)
  })

  it.each([
    [["--port", "eighty"], /--port is a whole number/],
    [["--port", "70000"], /--port is a whole number from 0 to 65535/],
    [["--prot", "8000"], /there is no flag --prot; did you mean --port\?/],
    [["--database", "mysql://user:secret@host/db"], /--database is sqlite:FILE/],
    [["--database", "sqlite:file:a.db?mode=memory"], /--database is sqlite:FILE/],
    [["--site-root", "example"], /--site-root is a URL/],
    [["--smtp-port", "mail"], /--smtp-port is a whole number/],
    [["--smtp-port", "0", "--smtp-cert", "cert.pem"], /--smtp-cert and --smtp-key belong together/],
    [["--ping-rate", "0"], /--ping-rate is a whole number from 1/],
    [["--api-rate", "many"], /--api-rate is a whole number from 1/],
    [["--max-connections", "0"], /--max-connections is a whole number from 1/],
    [["--trusted-proxies", "10.0.0.0/8,proxy.lan"], /--trusted-proxies .*"proxy\.lan" is no address/],
    [["--host-of", "hc.example.org"], /--host-of .*"hc\.example\.org" is not DIALECT=HOST/],
    [["--host-of", "nagios=x.org"], /--host-of.* "nagios"; there are: healthchecks/],
    [["--host-of", "__proto__=x.org"], /--host-of.* "__proto__"; there are: healthchecks/],
    [["--host-of", "constructor=x.org"], /--host-of.* "constructor"; there are: healthchecks/],
    [["--host-of", "healthchecks="], /--host-of.* "" is not the name of a host/],
    [["--host-of", "healthchecks=http://x.org"], /--host-of.* "http:\/\/x\.org" is not the name of a host/],
    [["--host-of", "healthchecks=x.org:80"], /--host-of.* "x\.org:80" is not the name of a host/],
    [["now"], /this command takes flags only/],
  ])("refuses %j", async (args, pattern) => {
    const ended = await serve(...args)
    expectSentence(ended, pattern)
    expect(ended.code).toBe(2)
    expect(ended.stderr).not.toContain("secret")
  })
})
