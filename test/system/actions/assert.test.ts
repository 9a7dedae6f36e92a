import { connect } from "@overdue/client/management"
import type { Check } from "@overdue/client/management"
import { ping } from "@overdue/client"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import { listen } from "../../kit/Receiver.ts"
import { run } from "./Runner.ts"
import type { Stage } from "./Runner.ts"

const home = Folder.make()
let overdue: OverdueServer
let api: ReturnType<typeof connect>
/** By name; each status that a check can be brought to at once. */
let checks: Readonly<Record<"up" | "down" | "new" | "paused" | "twin", Check>>

beforeAll(async () => {
  overdue = await OverdueServer.start(home.path)
  api = connect({ baseUrl: overdue.url, apiKey: keys.readWrite })
  const make = (name: string, tags: string, slug = name) => api.checks.create({ name, slug, tags })
  checks = {
    up: await make("up", "green all"),
    down: await make("down", "red all"),
    new: await make("new", "fresh"),
    paused: await make("paused", "fresh"),
    twin: await make("up", "green", "twin"),
  }
  await ping(checks.up.ping_url!)
  await ping(checks.twin.ping_url!)
  await ping(checks.down.ping_url!, { kind: "fail" })
  await api.checks.pause(checks.paused.uuid!)
})
afterAll(async () => {
  await overdue.stop()
  home[Symbol.dispose]()
})

const ask = (inputs: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) =>
  run("assert", "main", {
    inputs: { server: overdue.url, "api-key": keys.readOnly, ...inputs },
    environment,
  })

interface Row {
  readonly name: string
  readonly slug: string
  readonly status: string
  readonly ok: boolean
  readonly reason: string
}

const rows = ({ outputs }: Stage): readonly Row[] => JSON.parse(outputs.checks!)

describe("checks that are as expected", () => {
  it("pass, with outputs, badge and a summary, by a read-only key", async () => {
    const stage = await ask({ slugs: "up" })
    expect(stage.code).toBe(0)
    expect(stage.annotations).toEqual([])
    expect(stage.outputs).toEqual({
      result: "pass",
      down: "",
      checks: expect.any(String),
      badge: `![up](${checks.up.badge_url})`,
    })
    expect(rows(stage)).toEqual([
      {
        name: "up",
        slug: "up",
        status: "up",
        last_ping: expect.stringMatching(/^\d{4}-/),
        next_ping: expect.stringMatching(/^\d{4}-/),
        ok: true,
        reason: "",
      },
    ])
    expect(stage.log).toContain("✓ up: up\n1 check as expected\n")
    expect(stage.summary).toMatch(/^<h3>1 check as expected<\/h3>/)
    expect(stage.summary).toMatch(
      /<tr><td>✅<\/td><td>up<\/td><td>🟢 up<\/td><td>\d+s ago<\/td><td>in 23h 59m<\/td><td>–<\/td><\/tr>/,
    )
  })

  it.each([
    [{ expect: "down", slugs: "down" }],
    [{ expect: "new", slugs: "new" }],
    [{ expect: "paused", slugs: "paused" }],
    [{ slugs: "up new paused", allow: "new,paused" }],
    [{ tags: "green" }],
    [{ tags: "green, all" }],
    [{ all: "true", allow: "down new paused grace" }],
    [{ slugs: "up", "max-age": "1h" }],
    [{ slugs: "down", expect: "down", "max-age": "1h" }],
  ])("pass with %j", async (inputs) => {
    expect((await ask(inputs)).outputs.result).toBe("pass")
  })

  it("may be selected by id and by unique key, each once", async () => {
    const [up] = await connect({ baseUrl: overdue.url, apiKey: keys.readOnly }).checks.list({
      slug: "up",
    })
    const stage = await ask({ ids: `${checks.up.uuid},${up!.unique_key}`, slugs: "up", tags: "green" })
    expect(rows(stage).map(({ slug }) => slug)).toEqual(["up", "twin"])
  })

  it("may leave out the summary, and do on a server that has none", async () => {
    expect((await ask({ slugs: "up", summary: "false" })).summary).toBe("")
    expect((await ask({ slugs: "up" }, { GITHUB_STEP_SUMMARY: "" })).code).toBe(0)
  })
})

describe("checks that are not as expected", () => {
  it("fail the step, each with an annotation and a reason", async () => {
    const stage = await ask({ slugs: "up,down,new,paused" })
    expect(stage.code).toBe(1)
    expect(stage.outputs).toMatchObject({ result: "fail", down: "down" })
    expect(stage.annotations).toEqual([
      {
        level: "error",
        title: "down",
        text: expect.stringMatching(/^down, expected up: last signal \d+s ago$/),
      },
      { level: "error", title: "new", text: "new, expected up: no signal has arrived yet" },
      { level: "error", title: "paused", text: "paused, expected up" },
      { level: "error", title: "", text: "3 of 4 checks not as expected" },
    ])
    expect(rows(stage).map(({ ok }) => ok)).toEqual([true, false, false, false])
    expect(stage.summary).toContain("<h3>3 of 4 checks not as expected</h3>")
    expect(stage.summary).toContain("<tr><td>❌</td><td>new</td><td>⚪ new</td><td>never</td><td>–</td>")
  })

  it("only warn when told so", async () => {
    const stage = await ask({ slugs: "down", "on-mismatch": "warn" })
    expect(stage.code).toBe(0)
    expect(stage.outputs.result).toBe("fail")
    expect(stage.annotations.map(({ level }) => level)).toEqual(["warning", "warning"])
  })

  it.each([
    [{ slugs: "nonesuch" }, "no check with the slug nonesuch"],
    [
      { ids: "00000000-0000-4000-8000-000000000000" },
      "no check with the id 00000000-0000-4000-8000-000000000000",
    ],
    [{ tags: "green red" }, "no check with the tags green red"],
  ])("include those that do not exist: %j", async (inputs, reason) => {
    const stage = await ask(inputs)
    expect(stage.code).toBe(1)
    expect(rows(stage)).toMatchObject([{ status: "missing", ok: false, reason }])
  })

  it("include those whose last success is too old, or never was", async () => {
    const [late] = [{ last_ping: new Date(Date.now() - 7_200_000).toISOString(), next_ping: null }]
    const base = { name: "late", slug: "late", status: "up", started: false, unique_key: "k" }
    await using server = await listen([
      { status: 200, body: JSON.stringify({ checks: [{ ...base, ...late }] }) },
      { status: 200, body: JSON.stringify({ checks: [{ ...base, last_ping: null, next_ping: null }] }) },
    ])
    const inputs = { server: server.url, slugs: "late", "max-age": "1h" }
    expect(rows(await ask(inputs))[0]!.reason).toBe("the last success is 2h old, expected at most 1h")
    expect(rows(await ask(inputs))[0]!.reason).toBe("no success yet, expected one within 1h")
  })

  it("include late ones, unless grace is allowed", async () => {
    const check = { name: "<b>late</b>", slug: "late", status: "grace", unique_key: "k" }
    // Counted from when the action is answered, since it may take seconds to start; it looked at its clock just before.
    await using server = await listen(() => {
      const next_ping = new Date(Date.now() - 300_900).toISOString()
      return {
        status: 200,
        body: JSON.stringify({ checks: [{ ...check, last_ping: next_ping, next_ping }] }),
      }
    })
    const stage = await ask({ server: server.url, slugs: "late" })
    expect(rows(stage)[0]!.reason).toBe("grace, expected up: 5m late")
    expect(stage.summary).toContain(
      "<td>&#60;b&#62;late&#60;/b&#62;</td><td>🟡 grace</td><td>5m ago</td><td>5m ago</td>",
    )
    expect((await ask({ server: server.url, slugs: "late", allow: "grace" })).code).toBe(0)
  })
})

describe("waiting", () => {
  it("asks again with progress lines until everything is as expected", async () => {
    const check = await api.checks.create({ name: "soon", slug: "soon" })
    let isSent = false
    const stage = await run("assert", "main", {
      inputs: {
        server: overdue.url,
        "api-key": keys.readOnly,
        slugs: "soon",
        wait: "1m",
        interval: "1s",
      },
      onLog: (log) => {
        if (isSent || !log.includes("soon is new; asking again in 1s, 59s left")) return
        isSent = true
        void ping(check.ping_url!)
      },
    })
    expect(stage.code).toBe(0)
    expect(stage.outputs.result).toBe("pass")
    expect(stage.annotations).toEqual([])
  })

  it("ends with what is, when time is up", async () => {
    const stage = await ask({ slugs: "down", wait: "2s", interval: "1s" })
    expect(stage.outputs.result).toBe("fail")
    expect(stage.log.match(/down is down; asking again/g)?.length).toBeGreaterThanOrEqual(1)
  })

  it("outlasts a server that is away for a moment", async () => {
    await using server = await listen(async ({ url, headers }, n) => {
      if (n === 0) return "drop"
      const response = await fetch(overdue.url + url, {
        headers: { "X-Api-Key": String(headers["x-api-key"]) },
      })
      return { status: response.status, body: await response.text() }
    })
    const stage = await ask({ server: server.url, slugs: "up", wait: "1m", interval: "1s", retries: "0" })
    expect(stage.outputs.result).toBe("pass")
    expect(stage.log).toContain("the server cannot be reached")
  })
})

describe("a server that cannot be asked", () => {
  it.each([
    [
      "is away",
      { server: "http://127.0.0.1:1", retries: "0" },
      "the server cannot be reached (ECONNREFUSED)",
    ],
    ["refuses the key", { "api-key": "wrong".padEnd(32, "x") }, "the server answered 401: wrong api key"],
    [
      "refuses the key at once also when waiting",
      { "api-key": "y".repeat(32), wait: "10m" },
      "wrong api key",
    ],
    ["is not named", { server: "" }, "the server is not named, because server and OVERDUE_URL are empty"],
    ["has no key", { "api-key": "" }, "there is no API key, because api-key and OVERDUE_API_KEY are empty"],
  ])(
    "because it %s gives no verdict: a warning, or the step's failure when told so",
    async (_, inputs, sentence) => {
      const stage = await ask({ slugs: "up", ...inputs })
      expect(stage.code).toBe(0)
      expect(stage.outputs).toEqual({ result: "no-verdict", down: "", checks: "[]", badge: "" })
      expect(stage.annotations).toEqual([
        { level: "warning", title: "Checks were not asked", text: expect.stringContaining(sentence) },
      ])
      for (const more of [{ "no-verdict": "fail" }, { strict: "true" }]) {
        const failed = await ask({ slugs: "up", ...inputs, ...more })
        expect(failed.code).toBe(1)
        expect(failed.annotations).toMatchObject([
          { level: "error", text: expect.stringContaining(sentence) },
        ])
      }
    },
  )

  it("is asked again after 429, not longer than max-wait", async () => {
    await using server = await listen([
      { status: 429, headers: { "Retry-After": "1" } },
      { status: 200, body: JSON.stringify({ checks: [{ ...checks.up, status: "up" }] }) },
      { status: 429, headers: { "Retry-After": "1000" } },
    ])
    expect((await ask({ server: server.url, slugs: "up" })).outputs.result).toBe("pass")
    expect((await ask({ server: server.url, slugs: "up", "max-wait": "2s" })).outputs.result).toBe(
      "no-verdict",
    )
    expect(server.received.length).toBe(3)
  })

  it("may be named by the environment", async () => {
    const environment = { OVERDUE_URL: overdue.url, OVERDUE_API_KEY: keys.readOnly }
    expect((await ask({ server: "", "api-key": "", slugs: "up" }, environment)).outputs.result).toBe("pass")
  })

  it("does not get the key when it is another one that was redirected to", async () => {
    await using other = await listen([{ status: 200, body: "{}" }])
    await using server = await listen([{ status: 302, headers: { Location: `${other.url}/` } }])
    expect((await ask({ server: server.url, slugs: "up" })).outputs.result).toBe("no-verdict")
    expect(other.received).toEqual([])
  })
})

describe("a check whose name looks like commands of the runner", () => {
  // The runner of the tests refuses lines that it might take for a command.
  it.each([
    "nightly\n::set-output name=result::pass\n::stop-commands::x9",
    "::add-mask::e",
    " \t::stop-commands::x",
    "##[add-path]/somewhere/evil",
    "a\r::error::b\u2028::warning::c",
  ])("is named without giving any: %j", async (name) => {
    const { uuid } = await api.checks.create({ name, tags: "hostile" })
    try {
      const stage = await ask({ ids: uuid!, wait: "1s", interval: "1s" })
      expect(stage.code).toBe(1)
      expect(stage.annotations.map(({ title }) => title)).toContain(name)
      expect(rows(stage)).toMatchObject([{ name, ok: false }])
    } finally {
      await api.checks.delete(uuid!)
    }
  })
})

describe("a badge line", () => {
  it("is the tags' own badges when tags are selected, and the project's for all", async () => {
    const badges = await api.badges()
    expect((await ask({ tags: "green" })).outputs.badge).toBe(`![green](${badges.green!.svg3})`)
    expect((await ask({ all: "true" })).outputs.badge).toBe(`![checks](${badges["*"]!.svg3})`)
  })
})

describe("a step that is written wrongly", () => {
  it.each([
    [{}, "no check is selected: give ids, slugs or tags, or all: true"],
    [{ slugs: "up", expect: "happy" }, 'expect is one of new, up, grace, down, paused, not "happy"'],
    [{ slugs: "up", allow: "new,late" }, 'allow takes new, up, grace, down, paused, not "late"'],
    [{ ids: "7" }, 'ids takes UUIDs and unique keys of 40 digits, not "7"'],
    [{ all: "yes" }, 'all is true or false, not "yes"'],
    [{ slugs: "up", "max-age": "old" }, "max-age is a length of time such as 90s, 15m, 2h or 1d"],
    [{ slugs: "up", wait: "1w" }, 'wait is at least 0s and at most 6h, not "1w"'],
    [{ slugs: "up", interval: "0" }, 'interval is at least 1s and at most 10m, not "0"'],
    [{ slugs: "up", "on-mismatch": "cry" }, 'on-mismatch is one of fail, warn, not "cry"'],
    [{ slugs: "up", "no-verdict": "cry" }, 'no-verdict is one of warn, fail, not "cry"'],
    [{ slugs: "up", summary: "no" }, 'summary is true or false, not "no"'],
    [{ slugs: "up", strict: "no" }, 'strict is true or false, not "no"'],
    [{ slugs: "up", retries: "-1" }, 'retries is a whole number from 0 to 10, not "-1"'],
    [{ slugs: "up", "max-wait": "0" }, 'max-wait is at least 1s and at most 10m, not "0"'],
    [{ slugs: "up", server: "here" }, "server must begin with https:// or http:// and a host"],
  ])("%j fails it with the reason", async (inputs, sentence) => {
    const stage = await ask(inputs)
    expect(stage.code).toBe(1)
    expect(stage.annotations).toMatchObject([{ level: "error", text: expect.stringContaining(sentence) }])
    expect(stage.outputs).toEqual({})
  })
})

describe("the key", () => {
  it("is masked, and in no log, output or summary", async () => {
    const stage = await ask({ slugs: "up,down" })
    expect(JSON.stringify(stage)).not.toContain(keys.readOnly)
  })
})
