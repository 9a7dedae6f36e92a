/** The agent as a process, against a server on loopback that is away, slow, refuses, and cuts connections. */
import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs"
import { once } from "node:events"
import { describe, expect, it } from "vitest"
import * as FreePort from "../../../../test/kit/FreePort.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import * as Receiver from "../../../../test/kit/Receiver.ts"

const key = "k".repeat(32)

/** As the server answers a report, or not. */
const taken: Receiver.Answer = { status: 200, body: '{"message":"Stored.","accepted":8,"ignored":0}' }

interface Report {
  readonly received_at: string
  readonly metrics: readonly { readonly type: string; readonly value: unknown }[]
}

const reportsOf = (received: readonly Receiver.Received[]): readonly Report[] =>
  received.map(({ body }): Report => JSON.parse(body))

const start = (overdue: Overdue.Commands, url: string, ...more: readonly string[]): Overdue.Running =>
  overdue.start(["agent", "--url", url, "--monitor", "7", "--interval", "1s", ...more], {
    OVERDUE_API_KEY: key,
  })

const stop = async ({
  child,
  ended,
}: Overdue.Running): Promise<Overdue.Ended & { readonly took: number }> => {
  const begin = performance.now()
  child.kill("SIGTERM")
  const end = await ended
  return { ...end, took: performance.now() - begin }
}

/** Milliseconds that an end may take: two seconds are promised, and a busy machine of tests has others to run. */
const patience = 5000

/** Resolves once a process has said something on stderr. */
const saying = async ({ child, output }: Overdue.Running, pattern: RegExp): Promise<void> => {
  while (!pattern.test(output.stderr)) await once(child.stderr, "data")
}

/** Resolves once a request has come whose path has this in it. */
const asked = async (server: Receiver.Receiver, part: string): Promise<void> => {
  while (!server.received.some(({ url }) => url.includes(part)))
    await server.count(server.received.length + 1)
}

const ascending = (times: readonly string[]): boolean => times.every((at, n) => n === 0 || times[n - 1]! < at)

describe.runIf(process.platform === "linux")("an agent whose server is there", () => {
  it("reports at its interval, with rates from the second report on, and ends when it is told to", async () => {
    await using overdue = await Overdue.make()
    await using server = await Receiver.listen(taken)
    const agent = start(overdue, server.url)
    await server.count(3)
    const { code, stdout, stderr, took } = await stop(agent)
    expect([code, stdout, stderr]).toEqual([0, "", ""])
    expect(took).toBeLessThan(patience)
    const [first] = server.received
    expect(first).toMatchObject({ method: "POST", url: "/ph/data-gateway/v1/server-resource/7/metrics" })
    expect(first!.headers).toMatchObject({
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
    })
    const reports = reportsOf(server.received)
    const types = reports.map(({ metrics }) => metrics.map(({ type }) => type))
    expect(types[0]).toEqual(
      expect.arrayContaining(["memory-usage", "system-load-unified", "disk-usage-unified"]),
    )
    expect(types[0]).not.toContain("processes-unified")
    expect(types[2]).toContain("processes-unified")
    expect(ascending(reports.map(({ received_at }) => received_at))).toBe(true)
  })

  it("says nothing of its key to other users of the machine", async () => {
    await using overdue = await Overdue.make()
    await using server = await Receiver.listen(taken)
    const file = `${overdue.folder}/key`
    writeFileSync(file, `${key}\n`, { mode: 0o600 })
    const agent = overdue.start(["agent", "--url", server.url, "--monitor", "7", "--api-key-file", file])
    await server.count(1)
    const line = readFileSync(`/proc/${agent.child.pid}/cmdline`, "utf8")
    expect([line.includes(key), server.received[0]!.headers.authorization]).toEqual([false, `Bearer ${key}`])
    expect((await stop(agent)).code).toBe(0)
  })

  it("loads nothing of the server, and keeps little memory of its own", async () => {
    await using overdue = await Overdue.make()
    await using server = await Receiver.listen(taken)
    const agent = start(overdue, server.url)
    await server.count(3)
    const status = readFileSync(`/proc/${agent.child.pid}/status`, "utf8")
    await stop(agent)
    expect(Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1])).toBeLessThan(30 * 1024)
  })
})

describe.runIf(process.platform === "linux")("an agent whose server is away", () => {
  it("keeps its reports in memory and sends them when it is back, the oldest first and each once", async () => {
    await using overdue = await Overdue.make()
    const port = await FreePort.find()
    const agent = start(overdue, `http://127.0.0.1:${port}`)
    await saying(agent, /ECONNREFUSED/)
    const backAt = Date.now()
    await using server = await Receiver.listen(taken, port)
    await server.count(4)
    await saying(agent, /takes reports again/)
    await stop(agent)
    const times = reportsOf(server.received).map(({ received_at }) => received_at)
    expect(ascending(times)).toBe(true)
    expect(new Set(times).size).toBe(times.length)
    expect(new Date(times[0]!).getTime()).toBeLessThan(backAt)
  })

  it("keeps them in the spool over its own end, for this user alone, and sends them in its next life", async () => {
    await using overdue = await Overdue.make()
    const url = `http://127.0.0.1:${await FreePort.find()}`
    const agent = start(overdue, url, "--spool", "spool")
    await saying(agent, /ECONNREFUSED/)
    const { code, took } = await stop(agent)
    expect(code).toBe(0)
    expect(took).toBeLessThan(patience)
    const folder = `${overdue.folder}/spool/7`
    const names = readdirSync(folder).toSorted()
    const kept = names.map((name) => readFileSync(`${folder}/${name}`, "utf8"))
    expect(kept.length).toBeGreaterThan(0)
    expect([statSync(folder).mode & 0o777, statSync(`${folder}/${names[0]}`).mode & 0o777]).toEqual([
      0o700, 0o600,
    ])
    await using server = await Receiver.listen(taken, Number(new URL(url).port))
    const next = start(overdue, url, "--spool", "spool")
    await server.count(kept.length + 1)
    await stop(next)
    expect(server.received.slice(0, kept.length).map(({ body }) => body)).toEqual(kept)
    expect(readdirSync(folder).filter((name) => names.includes(name))).toEqual([])
  })

  it("says how many reports are lost when it ends without a spool", async () => {
    await using overdue = await Overdue.make()
    const agent = start(overdue, `http://127.0.0.1:${await FreePort.find()}`)
    await saying(agent, /ECONNREFUSED/)
    expect((await stop(agent)).stderr).toMatch(
      /reports? were not sent and are lost; a spool that can be used would have kept them/,
    )
  })

  it("says so of a spool that could not keep them", async () => {
    await using overdue = await Overdue.make()
    const agent = start(overdue, `http://127.0.0.1:${await FreePort.find()}`, "--spool", "spool")
    await saying(agent, /ECONNREFUSED/)
    rmSync(`${overdue.folder}/spool`, { recursive: true })
    await saying(agent, /cannot be kept in the spool \(ENOENT\)/)
    expect((await stop(agent)).stderr).toMatch(/were not sent and are lost; the spool could not keep them/)
  })
})

describe.runIf(process.platform === "linux")("an agent whose server", () => {
  it.each([
    ["cuts the connection", "drop"],
    ["cuts its answer", "drop midway"],
    ["answers 500", { status: 500 }],
    ["is busy", { status: 429, headers: { "Retry-After": "1" } }],
    ["is a page to log in", { status: 200, body: "<html>" }],
  ] as const)("%s sends the same report again, and then the next", async (_, answer) => {
    await using overdue = await Overdue.make()
    await using server = await Receiver.listen((_, n) => (n === 0 ? answer : taken))
    const agent = start(overdue, server.url)
    await server.count(4)
    await stop(agent)
    const bodies = server.received.map(({ body }) => body)
    expect(bodies[1]).toBe(bodies[0])
    expect(new Set(bodies.slice(1)).size).toBe(bodies.length - 1)
    expect(ascending(reportsOf(server.received.slice(1)).map(({ received_at }) => received_at))).toBe(true)
  })

  it("does not know its key takes up the one that somebody puts into the file", async () => {
    await using overdue = await Overdue.make()
    const file = `${overdue.folder}/key`
    writeFileSync(file, "w".repeat(32))
    await using server = await Receiver.listen(({ headers }) =>
      headers.authorization === `Bearer ${key}` ? taken : Receiver.status(401),
    )
    const agent = overdue.start([
      "agent",
      "--url",
      server.url,
      "--monitor",
      "7",
      "--interval",
      "1s",
      "--api-key-file",
      file,
    ])
    await saying(agent, /does not accept the API key \(401\)/)
    writeFileSync(file, key)
    await saying(agent, /takes reports again/)
    expect((await stop(agent)).stderr.match(/401/g)).toHaveLength(1)
  })

  it("never answers ends within two seconds, and keeps the report that was on its way", async () => {
    await using overdue = await Overdue.make()
    await using server = await Receiver.listen("hang")
    const agent = start(overdue, server.url, "--spool", "spool")
    await server.count(1)
    const { code, took, stderr } = await stop(agent)
    expect([code, took < patience, stderr]).toEqual([0, true, ""])
    const [name] = readdirSync(`${overdue.folder}/spool/7`)
    expect(readFileSync(`${overdue.folder}/spool/7/${name}`, "utf8")).toBe(server.received[0]!.body)
  })
})

describe.runIf(process.platform === "linux")("one measurement", () => {
  const measure = async (overdue: Overdue.Commands): Promise<Readonly<Record<string, unknown>>> => {
    const { code, stdout, stderr } = await overdue.run(["agent", "--once", "--json"])
    expect([code, stderr]).toEqual([0, ""])
    const { metrics }: Report = JSON.parse(stdout)
    return Object.fromEntries(metrics.map(({ type, value }) => [type, value]))
  }

  it("says of the disk of / what df and statfs say", async () => {
    await using overdue = await Overdue.make()
    const df = () =>
      execFileSync("df", ["-P", "-B1", "/"], { encoding: "utf8" })
        .split("\n")[1]!
        .split(/ +/)
        .map((word) => Number.parseInt(word))
    const [before, values, after] = [df(), await measure(overdue), df()]
    const found = (values["disk-usage-unified"] as Record<string, Record<string, number>>)["/"]!
    const space = statfsSync("/")
    expect(found["total"]).toBe(before[1])
    expect(found["total"]).toBe(space.blocks * space.bsize)
    // Others write to the disk meanwhile.
    const slack = 512 * 1_048_576
    expect(found["used"]).toBeGreaterThan(Math.min(before[2]!, after[2]!) - slack)
    expect(found["used"]).toBeLessThan(Math.max(before[2]!, after[2]!) + slack)
    expect(found["percent"]).toBeGreaterThanOrEqual(Math.min(before[4]!, after[4]!) - 1)
    expect(found["percent"]).toBeLessThanOrEqual(Math.max(before[4]!, after[4]!) + 1)
  })

  it("is a table for people", async () => {
    await using overdue = await Overdue.make()
    const { stdout } = await overdue.run(["agent", "--once"])
    expect(stdout).toMatch(/^METRIC +OF +VALUE\n/)
    expect(stdout).toMatch(/\nmemory +[\d.]+ %\n/)
    expect(stdout).toMatch(/\ndisk +\/ +\d+ %, [\d.]+ \w+ of [\d.]+ \w+\n/)
  })
})

describe("the unit for systemd", () => {
  it("runs the command line that asks for it, with a spool of its own", async () => {
    await using overdue = await Overdue.make()
    const { code, stdout } = await overdue.run([
      "agent",
      "--unit",
      "--url",
      "https://overdue.example.org/100%",
      "--monitor",
      "7",
      "--interval",
      "30s",
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^ExecStart=\S+ \S+ agent --url https:\/\/overdue\.example\.org\/100%% --monitor 7 --interval 30s --spool %S\/overdue-agent$/m,
    )
    for (const line of [
      "DynamicUser=yes",
      "NoNewPrivileges=yes",
      "ProtectSystem=strict",
      "ProtectHome=read-only",
      "ProtectHome=read-only",
      "Restart=on-failure",
    ])
      expect(stdout).toContain(`\n${line}\n`)
    expect(stdout).toContain("\nEnvironmentFile=/etc/overdue/agent.env\n")
    expect(stdout).not.toContain("MemoryDenyWriteExecute=")
  })

  it("hands over a key file that the user of the service could not read", async () => {
    await using overdue = await Overdue.make()
    const { stdout } = await overdue.run(["agent", "--unit", "--monitor", "7", "--api-key-file", "my key"])
    expect(stdout).toContain(`\nLoadCredential=api-key:${overdue.folder}/my key\n`)
    expect(stdout).toMatch(/^ExecStart=.* --api-key-file %d\/api-key$/m)
    expect(stdout).not.toContain("EnvironmentFile")
  })
})

describe("a command line that cannot work", () => {
  it.each([
    [["--monitor", "7"], 2, /set OVERDUE_API_KEY/],
    [[], 2, /--monitor ID/],
    [["--monitor", "a/b"], 2, /digits, letters/],
    [["--monitor", "7", "--api-key", "x"], 2, /no flag --api-key/],
    [["--monitor", "7", "--interval", "500ms"], 2, /at least 1s/],
    [["--monitor", "7", "--json"], 2, /--once/],
    [["--monitor", "7", "extra"], 2, /unexpected argument/],
    [["--monitor", "7", "--api-key-file", "missing"], 1, /cannot be read \(ENOENT\)/],
  ] as const)("%j is refused", async (args, code, message) => {
    await using overdue = await Overdue.make()
    const end = await overdue.run(["agent", ...args])
    expect(end.code).toBe(code)
    expect(end.stderr).toMatch(message)
  })
})

describe.runIf(process.platform === "linux")("an agent with a spool", () => {
  it("that it cannot use says so, and reports all the same", async () => {
    await using overdue = await Overdue.make()
    await using server = await Receiver.listen(taken)
    writeFileSync(`${overdue.folder}/file`, "")
    const agent = start(overdue, server.url, "--spool", "file")
    await server.count(2)
    const { code, stderr } = await stop(agent)
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/--spool file cannot be used \(ENOTDIR\), and reports wait in memory/),
    ])
  })

  it("that another one uses does not start, unless that is dead or reports for another monitor", async () => {
    await using overdue = await Overdue.make()
    await using server = await Receiver.listen(taken)
    const first = start(overdue, server.url, "--spool", "spool")
    await server.count(1)
    const second = await start(overdue, server.url, "--spool", "spool").ended
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringMatching(/is used by another agent for monitor 7 \(process \d+\): end that one, or/),
    ])
    expect(second.stderr).toContain(`process ${first.child.pid}`)
    const other = start(overdue, server.url, "--spool", "spool", "--monitor", "8")
    await asked(server, "/8/")
    await stop(other)
    first.child.kill("SIGKILL")
    await first.ended
    const count = server.received.length
    const third = start(overdue, server.url, "--spool", "spool")
    await server.count(count + 1)
    const { code, stderr } = await stop(third)
    expect([code, stderr, readdirSync(`${overdue.folder}/spool/7`)]).toEqual([0, "", []])
  })
})
