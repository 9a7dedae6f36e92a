/** Probers elsewhere as processes, with a real server and targets on loopback. */
import { once } from "node:events"
import { readFileSync, writeFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { keys } from "../../../../test/kit/Keys.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"
import * as Receiver from "../../../../test/kit/Receiver.ts"

const proberKey = "P".repeat(40)
const well: Receiver.Answer = { status: 200, body: "well" }
const ill: Receiver.Answer = { status: 503 }

/** A server that asks nothing by itself, so that only probers do. */
const serverOf = (overdue: Overdue.Commands) =>
  OverdueServer.start(overdue.folder, {
    args: ["--probes", "0"],
    environment: { OVERDUE_PROBER_KEY: proberKey },
  })

/** Milliseconds that an end may take: two seconds are promised, and a busy machine of tests has others to run. */
const patience = 5_000

const start = async (
  overdue: Overdue.Commands,
  url: string,
  region: string,
  ...more: readonly string[]
): Promise<Overdue.Running> => {
  const args = ["probe", "--region", region, "--url", url, "--allow-private-targets", ...more]
  const prober = overdue.start(args, { OVERDUE_PROBER_KEY: proberKey })
  await prober.printed(/^overdue probe asks for /)
  return prober
}

const stop = async ({ child, ended }: Overdue.Running) => {
  const begin = performance.now()
  child.kill("SIGTERM")
  const { code, stderr } = await ended
  return { code, stderr, took: performance.now() - begin }
}

/** Resolves once a process has said something on stderr, after so many characters of it. */
const saying = async (
  { child, output }: Pick<Overdue.Running, "child" | "output">,
  pattern: RegExp,
  from = 0,
): Promise<void> => {
  while (!pattern.test(output.stderr.slice(from))) await once(child.stderr, "data")
}

const create = async (
  server: OverdueServer,
  name: string,
  url: string,
  regions: readonly string[],
): Promise<string> => {
  const body = { name, probe: { url, every: 10, regions } }
  const { status, json } = await server.api("POST", "/api/v3/checks/", body)
  expect(status).toBe(201)
  return String(json["uuid"])
}

const bodyOf = async (server: OverdueServer, id: string, n: number): Promise<unknown> =>
  (await server.api("GET", `/api/v3/checks/${id}/pings/${n}/body`)).json["text"]

/** What a server answers a prober that has nothing to do. */
const nothing: Receiver.Answer = { status: 200, body: '{"turns": []}' }

// These wait for rounds, of which there is one in ten seconds at most.
describe.concurrent("probers in three regions", () => {
  it("say together what a target is, name the one that it fails for, and do without one that has stopped", async () => {
    await using overdue = await Overdue.make()
    await using server = await serverOf(overdue)
    let answer = well
    await using target = await Receiver.listen(() => answer)
    const probers = [await start(overdue, server.url, "eu"), await start(overdue, server.url, "us")]
    // Of this one, loopback is out of reach.
    const shut = overdue.start(["probe", "--region", "asia", "--url", server.url], {
      OVERDUE_PROBER_KEY: proberKey,
    })
    await shut.printed(/asks for asia/)
    const id = await create(server, "website", target.url, ["eu", "us", "asia"])
    await saying(server, /\\?"website\\?" is up/)
    // The first round may have been over before all of them were there.
    let told = await bodyOf(server, id, 1)
    for (let n = 2; told === undefined; n++) {
      await target.count(target.received.length + 2)
      told = await bodyOf(server, id, n)
    }
    expect(told).toMatch(/^asia: .*private.* \(after \d+ ms\)\n?$/)
    const { code, took } = await stop(probers[0]!)
    expect([code, took < patience]).toEqual([0, true])
    answer = ill
    await saying(server, /\\?"website\\?" is down/)
    const { json } = await server.api("GET", `/api/v3/checks/${id}/pings/`)
    const [{ n }] = json["pings"] as readonly [{ readonly n: number }] // safe because it is down by a ping
    expect(await bodyOf(server, id, n)).toMatch(/^us: status 503 \(after \d+ ms\)\nasia: /)
    expect((await stop(probers[1]!)).code).toBe(0)
    expect((await stop(shut)).code).toBe(0)
  }, 90_000)
})

describe.concurrent("two probers of one region", () => {
  it("share its rounds, and ask nothing twice", async () => {
    await using overdue = await Overdue.make()
    await using server = await serverOf(overdue)
    await using target = await Receiver.listen(well)
    const probers = [await start(overdue, server.url, "eu"), await start(overdue, server.url, "eu")]
    const names = Array.from({ length: 20 }, (_, n) => `w${n}`)
    for (const name of names) await create(server, name, `${target.url}/${name}`, ["eu"])
    await target.count(40)
    for (const prober of probers) expect((await stop(prober)).code).toBe(0)
    const asked = target.received.map(({ url }) => url.slice(1))
    expect([...new Set(asked)].toSorted()).toEqual(names.toSorted())
    // Of what is asked twice, one result is late and counts for nothing; some may have been given up at the end.
    const { json } = await server.api("GET", "/api/v3/checks/")
    const checks = json["checks"] as readonly { readonly n_pings: number }[] // safe because the API says so
    const told = checks.reduce((sum, { n_pings }) => sum + n_pings, 0)
    expect(asked.length - told).toBeLessThan(8)
  }, 90_000)

  it("are not contradicted by one of them that stood still and tells old news", async () => {
    await using overdue = await Overdue.make()
    await using server = await serverOf(overdue)
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    let isFirst = true
    await using target = await Receiver.listen(async () => {
      if (!isFirst) return well
      isFirst = false
      await held
      return ill
    })
    const frozen = await start(overdue, server.url, "eu")
    const id = await create(server, "website", target.url, ["eu"])
    await target.count(1)
    frozen.child.kill("SIGSTOP")
    release()
    const other = await start(overdue, server.url, "eu")
    await saying(server, /\\?"website\\?" is up/)
    // What it finds when it goes on is an answer of before, and its next round is one of now.
    const asked = target.received.length
    frozen.child.kill("SIGCONT")
    await stop(other)
    await target.count(asked + 2)
    expect((await stop(frozen)).code).toBe(0)
    const { json } = await server.api("GET", `/api/v3/checks/${id}/flips/`)
    expect([json["status"], server.output.stderr]).not.toContain("is down")
    expect((await server.api("GET", `/api/v3/checks/${id}`)).json["status"]).toBe("up")
  }, 90_000)
})

describe("a prober", () => {
  it("gives up what it asks when it is told to end, and says nothing of that", async () => {
    await using overdue = await Overdue.make()
    await using server = await serverOf(overdue)
    await using target = await Receiver.listen("hang")
    const prober = await start(overdue, server.url, "eu")
    const id = await create(server, "website", target.url, ["eu"])
    await target.count(1)
    const { code, took } = await stop(prober)
    expect([code, took < patience]).toEqual([0, true])
    expect((await server.api("GET", `/api/v3/checks/${id}`)).json).toMatchObject({
      status: "new",
      n_pings: 0,
    })
  })

  it("has its key from a file, on no command line, and reads it again when it is wrong", async () => {
    await using overdue = await Overdue.make()
    await using server = await Receiver.listen(({ headers }) =>
      headers["x-api-key"] === "right" ? nothing : { status: 401, body: "{}" },
    )
    const file = `${overdue.folder}/key`
    writeFileSync(file, "wrong\n")
    const args = ["probe", "--region", "eu", "--url", server.url, "--api-key-file", file]
    const prober = overdue.start(args)
    await saying(prober, /does not accept the key \(401\)/)
    writeFileSync(file, "right\n")
    await saying(prober, /takes a claim again/)
    if (process.platform === "linux")
      expect(readFileSync(`/proc/${prober.child.pid}/cmdline`, "utf8")).not.toMatch(/right|wrong/)
    const { code, stderr } = await stop(prober)
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/right|"wrong/)])
    expect(JSON.parse(server.received[0]!.body)).toEqual({ region: "eu", limit: 500 })
  })

  it("says elsewhere that it works", async () => {
    await using overdue = await Overdue.make()
    await using server = await Receiver.listen(nothing)
    await using heart = await Receiver.listen()
    const prober = await start(overdue, server.url, "eu", "--heartbeat", `${heart.url}/ping/secret`)
    await heart.count(1)
    expect(heart.received[0]).toMatchObject({ method: "GET", url: "/ping/secret" })
    expect((await stop(prober)).stderr).not.toContain("secret")
  })

  it("with --once asks what is due, reports it, and ends", async () => {
    await using overdue = await Overdue.make({ OVERDUE_API_KEY: keys.readWrite })
    await using server = await serverOf(overdue)
    await using target = await Receiver.listen(ill)
    const once = [
      "probe",
      "--once",
      "--json",
      "--region",
      "eu",
      "--url",
      server.url,
      "--allow-private-targets",
    ]
    const first = await overdue.run(once)
    expect([first.code, JSON.parse(first.stdout)]).toEqual([0, { ok: 0, failed: 0, unknown: 0, lost: 0 }])
    await create(server, "website", target.url, ["eu"])
    const second = await overdue.run(once)
    expect([second.code, JSON.parse(second.stdout)]).toEqual([0, { ok: 0, failed: 1, unknown: 0, lost: 0 }])
    await saying(server, /\\?"website\\?" is down/)
    await server.stop()
    const third = await overdue.run(once)
    expect([third.code, third.stderr]).toEqual([
      1,
      expect.stringMatching(/does not say what is due: it cannot be reached \(ECONN/),
    ])
  })
})

describe("overdue probe --ask", () => {
  it("shows people and programs what a target answers, without a server", async () => {
    await using overdue = await Overdue.make()
    await using target = await Receiver.listen([well, ill, ill])
    const ask = ["probe", "--allow-private-targets", "--ask", target.url]
    const up = await overdue.run(ask)
    expect([up.code, up.stderr]).toEqual([0, ""])
    expect(up.stdout).toMatch(
      /^WHAT +ANSWER\nresult +ok\nstatus +200\nconnection +[\d.]+ ms\nfirst byte +[\d.]+ ms\naltogether +[\d.]+ ms\n$/,
    )
    const down = await overdue.run(ask)
    expect([down.code, down.stdout]).toEqual([1, expect.stringMatching(/\nresult +status 503\n/)])
    const told = await overdue.run([...ask, "--json"])
    expect([told.code, JSON.parse(told.stdout)]).toEqual([
      1,
      {
        ok: false,
        status_code: 503,
        reason: "status 503",
        timings: expect.objectContaining({ whole: expect.any(Number) }),
      },
    ])
  })

  it("asks as a check would be asked, with conditions", async () => {
    await using overdue = await Overdue.make()
    await using target = await Receiver.listen(well)
    const conditions = [{ of: "status", operator: "equal", values: ["418"] }]
    const ask = JSON.stringify({ url: target.url, method: "POST", conditions })
    const { code, stdout } = await overdue.run(["probe", "--allow-private-targets", "--ask", ask])
    expect([code, stdout]).toEqual([1, expect.stringContaining("condition 1 failed")])
    expect(target.received.map(({ method }) => method)).toEqual(["POST"])
  })

  it("keeps off private addresses unless it is told otherwise", async () => {
    await using overdue = await Overdue.make()
    await using target = await Receiver.listen(well)
    const { code, stdout } = await overdue.run(["probe", "--ask", target.url])
    expect([code, stdout, target.received]).toEqual([1, expect.stringContaining("private"), []])
  })
})

describe("a command line that cannot work", () => {
  it.each([
    [["--region", "eu"], 2, /set OVERDUE_PROBER_KEY or OVERDUE_API_KEY/],
    [[], 2, /--region LABEL/],
    [["--region", "a b"], 2, /--region is a label/],
    [["--region", "eu", "--json"], 2, /--ask or --once/],
    [["--region", "eu", "extra"], 2, /unexpected argument/],
    [["--region", "eu", "--api-key", "x"], 2, /no flag --api-key/],
    [["--region", "eu", "--api-key-file", "missing"], 1, /cannot be read \(ENOENT\)/],
    [["--ask", "example.org"], 2, /--ask.url is not as expected: a URL such as/],
    [["--ask", '{"url": x}'], 2, /--ask is not JSON from character 9 on/],
    [["--ask", ""], 2, /--ask needs a target/],
    [
      ["--ask", "cpu > 90 on 0f55a1c2-7d31-4c8e-9a55-3b1c2d4e5f60"],
      2,
      /a threshold is about what a server reports/,
    ],
  ] as const)("%j is refused", async (args, code, message) => {
    await using overdue = await Overdue.make()
    const end = await overdue.run(["probe", ...args])
    expect([end.code, end.stderr]).toEqual([code, expect.stringMatching(message)])
  })
})
