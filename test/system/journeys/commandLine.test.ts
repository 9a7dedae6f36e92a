import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { connect } from "@overdue/client/management"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"
import * as Overdue from "../../kit/Overdue.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"

const home = Folder.make()
let overdue: OverdueServer
let cli: Overdue.Overdue
let api: ReturnType<typeof connect>

beforeAll(async () => {
  overdue = await OverdueServer.start(home.path)
  api = connect({ baseUrl: overdue.url, apiKey: keys.readWrite })
  cli = await Overdue.make({
    OVERDUE_URL: overdue.url,
    OVERDUE_API_KEY: keys.readWrite,
    OVERDUE_PING_KEY: keys.ping,
  })
})
afterAll(async () => {
  await cli[Symbol.asyncDispose]()
  await overdue.stop()
  home[Symbol.dispose]()
})
beforeEach(async () => {
  for (const { uuid = "" } of await api.checks.list()) await api.checks.delete(uuid)
  for (const { id } of await api.channels.list()) await api.channels.delete(id)
})

/** Runs a command that must succeed and resolves to what it printed. */
async function said(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.run(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  return stdout
}

function file(name: string, text: string): string {
  const path = join(cli.folder, name)
  writeFileSync(path, text)
  return path
}

describe("overdue checks", () => {
  beforeEach(async () => {
    await api.channels.create({
      name: "ops",
      kind: "webhook",
      value: { method_down: "POST", url_down: "http://127.0.0.1:9" },
    })
  })

  it("makes, shows, changes, pauses, resumes and deletes a check", async () => {
    const made = await said(
      "checks",
      "create",
      "--name",
      "Backup",
      "--slug",
      "backup",
      "--timeout",
      "1d",
      "--tags",
      "db",
      "--channels",
      "ops",
    )
    const [check] = await api.checks.list()
    expect(made).toBe(`Backup\n  id        ${check!.uuid}\n  ping URL  ${check!.ping_url}\n`)
    await said("ping", "--slug", "backup", "3")
    expect(await said("checks", "list")).toMatch(
      /^STATUS +NAME +SLUG +EXPECTED +LAST PING +DUE +WHY +TAGS +TELLS +ID\ndown +Backup +backup +every 1d +\d+s ago +for \d+s +The job ended with exit status 3\. +db +ops +[0-9a-f-]{36}\n$/,
    )
    const page = await said("checks", "show", "backup")
    expect(page).toMatch(
      /^Backup\n {2}status +down\n {2}down since +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ, for \d+s\n {2}why +The job ended with exit status 3\.\n {2}expected +every 1d\n/,
    )
    expect(page).toMatch(/\n {2}tells +ops\n/)
    // The table may cut the sentence, so it stands above as well; and there once.
    expect(page).not.toContain("remark")
    expect(page).toMatch(/\n#1 +fail 3 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ /)
    expect(page).toMatch(
      /\ndown +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +fail +The job ended with exit status 3\.\n$/,
    )
    expect(await said("checks", "update", "Backup", "--grace", "90m", "--set", 'alert={"failures":2}')).toBe(
      "Backup: changed grace, alert\n",
    )
    expect(await said("checks", "pause", check!.uuid!)).toBe("paused Backup\n")
    expect(await said("checks", "resume", check!.uuid!.slice(0, 8))).toBe("resumed Backup\n")
    expect(await said("checks", "show", "backup")).toMatch(
      /\nnew .* resumed +–\npaused .* paused +–\ndown .* fail +The job .*\n$/,
    )
    expect(JSON.parse(await said("checks", "list", "--json"))).toMatchObject([
      { name: "Backup", grace: 5400, alert: { failures: 2, out_of: 2, recoveries: 1 }, status: "new" },
    ])
    expect(await said("checks", "delete", "backup", "--yes")).toBe("deleted Backup\n")
    expect(await said("checks", "list")).toBe("no checks\n")
  })

  it("shows that the last ping fits another time zone, and names such a zone", async () => {
    const kathmandu = new Date(Date.now() + (5 * 60 + 45) * 60_000)
    const schedule = `${kathmandu.getUTCMinutes()} ${kathmandu.getUTCHours()} * * *`
    await api.checks.create({ slug: "away", schedule, tz: "UTC", grace: 60 })
    await said("ping", "--slug", "away")
    expect(await said("checks", "show", "away")).toMatch(
      /\n {2}remark +No slot was near, but in a zone that is UTC\+05:45 .*, such as Asia\/Kathmandu\.\n/,
    )
  })

  it("lists by tag, slug and status, in the order asked for", async () => {
    for (const [name, tags, kind] of [
      ["b", "x y", "success"],
      ["a", "x", "fail"],
      ["c", "", "log"],
    ] as const) {
      const { uuid = "" } = await api.checks.create({ name, slug: name, tags })
      await said("ping", "--check", uuid, kind)
    }
    const listed = async (...args: readonly string[]) =>
      JSON.parse(await said("checks", "list", "--json", ...args)).map(
        ({ name }: { readonly name: string }) => name,
      )
    expect(await listed()).toEqual(["a", "b", "c"])
    expect(await listed("--sort", "status")).toEqual(["a", "c", "b"])
    expect(await listed("--tag", "x")).toEqual(["a", "b"])
    expect(await listed("--tag", "x", "--tag", "y")).toEqual(["b"])
    expect(await listed("--slug", "c")).toEqual(["c"])
    expect(await listed("--status", "down")).toEqual(["a"])
  })

  it("creates a check that is armed, and says what it probably does not mean", async () => {
    const options = ["--slug", "job", "--schedule", "@hourly", "--grace", "2h", "--channels", "ops"]
    const { code, stderr } = await cli.run(["checks", "create", ...options])
    expect([code, stderr]).toEqual([
      0,
      "note: The grace of 2 hours is longer than the 1 hour from one expected signal to the next, so nobody is told of one that is missing when the next one comes. Shorten the grace.\n",
    ])
    const [check] = await api.checks.list()
    expect(check).toMatchObject({ schedule: "0 * * * *", armed: true, start_satisfies: true, early: 60 })
    expect(await said("checks", "show", "job")).toContain("\n  note: The grace of 2 hours is longer")
    const { stderr: noted } = await cli.run(["checks", "update", "job", "--grace", "90m"])
    expect(noted).toMatch(/^note: The grace of 1 hour 30 minutes/)
    const quietly = await cli.run(["checks", "update", "job", "--grace", "10m", "--json"])
    expect(quietly.stderr).toBe("")
    expect(JSON.parse(quietly.stdout).remarks).toEqual([])
  })

  it("arms and disarms a check by either name of the flag", async () => {
    await said("checks", "create", "--slug", "job", "--no-arm", "--channels", "ops")
    expect((await api.checks.list())[0]).not.toHaveProperty("armed")
    await said("checks", "update", "job", "--arm")
    expect((await api.checks.list())[0]).toMatchObject({ armed: true })
    await said("checks", "update", "job", "--no-armed", "--early", "1500ms")
    const [check] = await api.checks.list()
    expect(check).not.toHaveProperty("armed")
    expect(check).toMatchObject({ early: 1.5 })
  })

  it("expects a check from now on when it is told to, whatever else changes", async () => {
    const { uuid = "" } = await api.checks.create({ slug: "job", timeout: 3600, channels: "ops" })
    await said("ping", "--check", uuid)
    const check = await api.checks.get(uuid)
    expect(await said("checks", "update", "job", "--restart")).toBe(
      "job: changed when the next signal is expected\n",
    )
    const [restarted] = await api.checks.list()
    expect(Date.parse(restarted!.next_ping!)).toBeGreaterThanOrEqual(Date.parse(check.next_ping!))
  })

  it("updates instead of making another when told what is unique", async () => {
    await said("checks", "create", "--slug", "one", "--unique", "slug", "--channels", "ops")
    await said("checks", "create", "--slug", "one", "--unique", "slug", "--name", "One")
    expect(await api.checks.list()).toMatchObject([{ slug: "one", name: "One" }])
  })

  it("shows names as text, whatever is in them", async () => {
    await api.checks.create({ name: "evil\u001b[2Jname\nsecond line" })
    expect(await said("checks", "list")).toContain("evil [2Jname second line")
  })

  it.each([
    [["show", "bakcup"], 1, 'there is no check "bakcup"; did you mean "backup"?'],
    [["show", "twin"], 1, '"twin" fits several checks; name one by its id: '],
    [["show"], 2, "name the check by its id, slug or name"],
    [["show", "a", "b"], 2, 'unexpected argument "b": this command takes one check'],
    [["update", "backup"], 2, "name at least one field to change, such as --grace 30m"],
    [
      ["update", "backup", "--grace", "soon"],
      2,
      '--grace is a length of time such as 90s, 15m, 2h or 1d, not "soon"',
    ],
    [["update", "backup", "--set", "grce=1"], 2, "did you mean grace?"],
    [["update", "backup", "--timeout", "0s"], 2, "--timeout is too small"],
    [
      ["update", "backup", "--schedule", "61 * * * *"],
      2,
      '--schedule is not a valid cron or OnCalendar expression: minute: "61"',
    ],
    [["create", "--tz", "Riga", "--schedule", "daily"], 2, '--tz is not a valid timezone: zone: "Riga"'],
    [
      ["update", "backup", "--min-runtime", "2h", "--grace", "1h"],
      1,
      "the server answered 400: json validation error: min_runtime: expected less than the 1 hour that a run may take",
    ],
    [["resume", "backup"], 1, "the server answered 409: check is not paused"],
    [["delete", "backup"], 2, "this needs a confirmation, and standard input is no terminal: add --yes"],
    [["pause", "backup", "nonesuch"], 1, 'there is no check "nonesuch"'],
    [["list", "--status", "dwon"], 2, "did you mean down?"],
    [
      ["list", "--api-key", "y".repeat(32)],
      1,
      "the server answered 401: wrong api key; check --api-key or OVERDUE_API_KEY",
    ],
    [
      ["list", "--url", "http://127.0.0.1:1"],
      1,
      "the server cannot be reached (ECONNREFUSED); check that a server runs at http://127.0.0.1:1",
    ],
  ])("%j exits with %d: %s", async (args, expected, sentence) => {
    await api.checks.create({ name: "Backup", slug: "backup" })
    await api.checks.create({ slug: "twin" })
    await api.checks.create({ slug: "twin" })
    const { code, stdout, stderr } = await cli.run(["checks", ...args])
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" })
    expect(stderr).toContain(sentence)
    expect(stderr).not.toMatch(/\n +at /)
    // Nothing was changed on the way to the mistake.
    expect((await api.checks.list({ slug: "backup" }))[0]!.status).toBe("new")
  })

  it("says which key is missing", async () => {
    const { code, stderr } = await cli.run(["checks", "list"], { OVERDUE_API_KEY: "" })
    expect(code).toBe(2)
    expect(stderr).toContain("this command needs an API key: give --api-key KEY, or set OVERDUE_API_KEY")
  })
})

describe("overdue apply", () => {
  const declaration = `
channels:
  - name: ops
    kind: webhook
    value: { method_down: POST, url_down: "\${HOOK}/down", body_down: "", headers_down: {} }
checks:
  - slug: backup
    name: Nightly backup
    schedule: 0 3 * * *
    tz: Europe/Riga
    grace: 30m
    tags: [db, nightly]
    channels: [ops]
  - slug: queue
    timeout: 5m
    max_runtime: 90s
    alert: { failures: 3 }
    quiet:
      - { schedule: 0 0 * * 0, duration: 2h }
      - { from: "2027-01-01T00:00:00Z", to: "2027-01-02T00:00:00Z" }
    runs: every
    channels: "*"
  - name: Without a slug
    desc: for people
    remind_every: 1d
`
  const hook = { HOOK: "http://127.0.0.1:1" }

  it("shows the changes, makes them, and then there is nothing to change", async () => {
    const path = file("project.yaml", declaration)
    const plan = await cli.run(["apply", path, "--plan"], hook)
    expect(plan.code).toBe(3)
    expect(plan.stdout).toContain("+ channel ops (webhook)\n")
    expect(plan.stdout).toContain("+ check backup\n    name      Nightly backup\n    slug      backup\n")
    expect(plan.stdout).toMatch(/\nChanges: 4 to create, 0 unchanged\n$/)
    expect(await api.checks.list()).toEqual([])
    expect((await cli.run(["apply", path, "--yes"], hook)).stdout).toMatch(/\nmade 4 changes\n$/)
    const [channel] = await api.channels.list()
    expect(await api.checks.list()).toMatchObject([
      { slug: "backup", schedule: "0 3 * * *", tz: "Europe/Riga", grace: 1800, channels: channel!.id },
      {
        slug: "queue",
        max_runtime: 90,
        alert: { failures: 3, out_of: 3 },
        runs: "every",
        channels: channel!.id,
      },
      { slug: "", name: "Without a slug", remind_every: 86_400, channels: "" },
    ])
    expect(await said("apply", path)).toBe("Nothing to change: 4 unchanged\n")
  })

  it("after export is a no-op, and export prints the same again", async () => {
    await cli.run(["apply", file("project.yaml", declaration), "--yes"], hook)
    const exported = await said("export")
    const path = file("exported.yaml", exported)
    expect(await said("apply", path, "--prune")).toBe("Nothing to change: 4 unchanged\n")
    expect(await said("export")).toBe(exported)
  })

  it("changes only what differs, and shows both sides", async () => {
    await cli.run(["apply", file("project.yaml", declaration), "--yes"], hook)
    const path = file(
      "changed.yaml",
      "checks:\n  - slug: backup\n    schedule: 0 4 * * *\n    tags: db\n    channels: ''\n",
    )
    const { stdout } = await cli.run(["apply", path, "--plan"])
    expect(stdout).toBe(
      [
        "~ check Nightly backup",
        "    tags      db nightly → db",
        "    schedule  0 3 * * * → 0 4 * * *",
        "    channels  ops → none",
        "",
        "Changes: 1 to update, 0 unchanged",
        "",
      ].join("\n"),
    )
    await said("apply", path, "--yes")
    expect(await api.checks.list({ slug: "backup" })).toMatchObject([
      { name: "Nightly backup", schedule: "0 4 * * *", tz: "Europe/Riga", tags: "db", channels: "" },
    ])
  })

  it("deletes what the file does not mention only when told to prune", async () => {
    await cli.run(["apply", file("project.yaml", declaration), "--yes"], hook)
    const path = file("less.yaml", "checks:\n  - slug: queue\n    channels: ''\n")
    expect(await said("apply", path, "--yes")).toContain("Changes: 1 to update, 0 unchanged")
    const pruned = await said("apply", path, "--yes", "--prune")
    expect(pruned).toContain("- check Nightly backup\n")
    expect(pruned).toContain("- channel ops (webhook)\n")
    expect(pruned).toContain("Changes: 3 to delete, 1 unchanged")
    expect((await api.checks.list()).map(({ slug }) => slug)).toEqual(["queue"])
    expect(await api.channels.list()).toEqual([])
  })

  it("reads TypeScript, and standard input", async () => {
    const path = file(
      "project.ts",
      `const grace: string = "1h 30m"\nexport default { checks: ["a", "b"].map((slug) => ({ slug, grace })) }\n`,
    )
    await said("apply", path, "--yes")
    expect(await api.checks.list()).toMatchObject([
      { slug: "a", grace: 5400 },
      { slug: "b", grace: 5400 },
    ])
    const { child, ended } = cli.start(["apply", "-", "--yes"])
    child.stdin.end("checks: [{ slug: a, grace: 1m }]")
    expect((await ended).code).toBe(0)
    expect(await api.checks.list({ slug: "a" })).toMatchObject([{ grace: 60 }])
  })

  it("notes what a check probably does not mean, when it plans and when it applies", async () => {
    const path = file("noted.yaml", "checks: [{ slug: a, timeout: 5m }, { slug: b }]")
    const note =
      "    note: The grace of 1 hour is longer than the 5 minutes from one expected signal to the next"
    for (const flag of ["--plan", "--yes"]) {
      const { stdout } = await cli.run(["apply", path, flag])
      expect(stdout.split("\n").filter((line) => line.includes("note:"))).toEqual([
        expect.stringContaining(note),
      ])
    }
    expect((await cli.run(["apply", path, "--plan"])).stdout).toBe("Nothing to change: 2 unchanged\n")
  })

  it("plans nothing of a file that the server would refuse", async () => {
    await api.checks.create({ slug: "b", min_runtime: 600 })
    const path = file("refused.yaml", "checks: [{ slug: a }, { slug: b, max_runtime: 5m }]")
    for (const flag of ["--plan", "--yes"]) {
      const { code, stdout, stderr } = await cli.run(["apply", path, flag])
      expect([code, stdout]).toEqual([1, ""])
      expect(stderr).toContain(
        'check "b": min_runtime: expected less than the 5 minutes that a run may take\n',
      )
    }
    expect(await api.checks.list()).toHaveLength(1)
  })

  it("asks nobody: without a terminal it needs --yes", async () => {
    const { code, stdout, stderr } = await cli.run(["apply", file("one.yaml", "checks: [{ slug: a }]")])
    // Whoever cannot be asked need not read what would be done.
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain(
      "1 change to make (--plan lists them): this needs a confirmation, and standard input is no terminal: add --yes",
    )
    expect(await api.checks.list()).toEqual([])
  })

  it("names every mistake of a file by its place, and changes nothing", async () => {
    const path = file(
      "wrong.yaml",
      `
chekcs: []
channels:
  - name: a
    kind: webhook
  - { name: a, kind: webhook, colour: red }
checks:
  - { slug: a, grce: 5m }
  - { slug: b, grace: soon }
  - { slug: b }
  - { tags: x }
  - { slug: c, timeout: 1h, schedule: "* * * * *" }
  - { slug: d, alert: { failures: 0 } }
  - { slug: e, quiet: [{ schedule: "* * * * *" }] }
  - just text
`,
    )
    const { code, stderr } = await cli.run(["apply", path, "--yes"])
    expect(code).toBe(1)
    expect(stderr.split("\n").slice(1, -1)).toEqual(
      [
        "chekcs: unknown; a file has checks and channels",
        "channels[1].colour: unknown; a channel has name, kind and value",
        "checks[0].grce: unknown field; did you mean grace?",
        'checks[1].grace: it is a length of time such as 90s, 15m, 2h or 1d, not "soon"',
        "checks[3]: it needs a slug or a name, by which apply finds it again",
        "checks[4]: timeout and schedule both say when signals are expected: give one",
        'checks[5].alert: it has failures, out_of and recoveries, each a whole number from 1, not {"failures":0}',
        'checks[6].quiet: it is a list of {schedule, tz, duration}, {every, duration} and {from, to, tz}, not [{"schedule":"* * * * *"}]',
        'checks[7]: it is a mapping of fields, not "just text"',
        "checks[7]: it needs a slug or a name, by which apply finds it again",
        'checks: two have the slug "b"',
        'channels: two have the name "a"',
      ].map((line) => `  ${line}`),
    )
    expect(await api.checks.list()).toEqual([])
  })

  it.each([
    ["channels: [{ name: new, kind: webhook }]", 'the channel "new" is new: add its value to the file'],
    [
      "channels: [{ name: new, kind: webhook, value: { url_down: '${NOPE}' } }]",
      "names the environment variable NOPE, which is not set",
    ],
    [
      "channels: [{ name: new, kind: webhook, value: { url_down: '${toString}' } }]",
      "names the environment variable toString, which is not set",
    ],
    ["channels: [{ name: hook, kind: email }]", 'the channel "hook" exists with the kind webhook, not email'],
    [
      "checks: [{ slug: twin }]",
      '2 checks of the project have the slug "twin"; give each a slug of its own first',
    ],
    [
      "checks: [{ slug: a, channels: nobody }]",
      'the server would refuse:\n  check "a": invalid channel identifier: nobody\n',
    ],
    [
      "checks: [{ slug: b }, { slug: a, min_runtime: 2h }]",
      'the server would refuse:\n  check "a": min_runtime: expected less than the 1 hour that a run may take',
    ],
    [
      "checks: [{ slug: a }, { slug: b, schedule: 61 * * * * }]",
      'checks[1].schedule is not a valid cron or OnCalendar expression: minute: "61"',
    ],
    ["checks: [", "cannot be read: "],
  ])("refuses %j with a sentence", async (text, sentence) => {
    await api.channels.create({
      name: "hook",
      kind: "webhook",
      value: { method_down: "POST", url_down: "http://127.0.0.1:1/", body_down: "", headers_down: {} },
    })
    await api.checks.create({ slug: "twin" })
    await api.checks.create({ slug: "twin" })
    const { code, stderr } = await cli.run(["apply", file("refused.yaml", text), "--yes"])
    expect(code).toBe(1)
    expect(stderr).toContain(sentence)
    expect(stderr).not.toMatch(/\n +at /)
  })

  it("says so when there is no file", async () => {
    const { code, stderr } = await cli.run(["apply", "nonesuch.yaml"])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^overdue apply: nonesuch\.yaml cannot be read: ENOENT/)
  })
})

describe("overdue export", () => {
  it("says which checks it cannot name", async () => {
    const { uuid } = await api.checks.create({})
    const { code, stderr } = await cli.run(["export"])
    expect(code).toBe(0)
    expect(stderr).toBe(
      `overdue export: the check ${uuid} has neither slug nor name, so apply cannot find it again; give it one of them, or export with --ids\n`,
    )
  })
})

describe("overdue watch", () => {
  it("without a terminal writes a line for each change, until it is interrupted", async () => {
    const value = { method_down: "POST", url_down: "http://127.0.0.1:9" }
    await api.channels.create({ name: "ops", kind: "webhook", value })
    const { ping_url = "", uuid = "" } = await api.checks.create({ name: "Backup", channels: "*" })
    await api.checks.create({ name: "Lonely" })
    const { child, printed, ended } = cli.start(["watch", "--interval", "1s"])
    await printed(/new {13}Backup\n/)
    await printed(/new {13}Lonely \(tells nobody\)\n/)
    await cli.run(["ping", "--check", ping_url, "fail"])
    await printed(/new → down {6}Backup\n/)
    await api.checks.update(uuid, { name: "Backup of all" })
    await printed(/renamed {9}Backup → Backup of all\n/)
    await api.checks.delete(uuid)
    await printed(/deleted {9}Backup of all\n/)
    child.kill("SIGINT")
    expect(await ended).toMatchObject({ code: 0, stderr: "" })
  })

  it("does not begin with a wrong key", async () => {
    const { code, stderr } = await cli.run(["watch", "--api-key", "y".repeat(32)])
    expect(code).toBe(1)
    expect(stderr).toContain("wrong api key")
  })
})

describe("overdue run, as cron starts it", () => {
  it("tells a server everything; while it is away nothing is lost and nothing is told twice", async () => {
    using own = Folder.make()
    const first = await OverdueServer.start(own.path)
    const url = new URL(first.url)
    const management = connect({ baseUrl: first.url, apiKey: keys.readWrite })
    const mail = join(cli.folder, "mail")
    // As crontab has it: a line for /bin/sh, an environment of next to nothing, all output in a mail.
    const cron = async (job: string) => {
      const program = `exec "$NODE" "$MAIN" run --slug job --create --timeout 1h -- sh -c '${job}' >"$MAIL" 2>&1`
      const { spawn } = await import("node:child_process")
      const child = spawn("/bin/sh", ["-c", program], {
        cwd: "/",
        env: {
          PATH: "/usr/bin:/bin",
          HOME: cli.folder,
          MAIL: mail,
          MAIN: Overdue.main,
          NODE: process.execPath,
          OVERDUE_URL: url.origin,
          OVERDUE_PING_KEY: keys.ping,
        },
        stdio: "ignore",
      })
      const code = await new Promise<number | null>((resolve) => child.on("close", resolve))
      return { code, mail: readFileSync(mail, "utf8") }
    }

    expect(await cron("echo one")).toEqual({ code: 0, mail: "one\n" })
    expect(await cron("echo two; exit 7")).toEqual({ code: 7, mail: "two\n" })
    await first.stop()
    const away = await cron("echo three; kill -9 $$")
    expect(away.code).toBe(137)
    expect(away.mail).toMatch(/^three\n/)
    expect(await cron("echo four")).toMatchObject({ code: 0, mail: expect.stringMatching(/^four\n/) })

    await using back = await OverdueServer.start(own.path, { args: ["--port", url.port] })
    expect(back.url).toBe(first.url)
    expect(await cron("echo five")).toEqual({
      code: 0,
      mail: expect.stringMatching(
        /^(overdue run: sent 2 signals kept from earlier\nfive\n|five\noverdue run: .+\n)$/,
      ),
    })
    expect(await cron("echo six")).toEqual({ code: 0, mail: "six\n" })
    const [check] = await management.checks.list()
    const pings = (await management.checks.pings(check!.uuid!)).toReversed()
    const bodies = await Promise.all(
      pings.map(async ({ n, body_url }) =>
        body_url === null ? "" : management.checks.pingBody(check!.uuid!, n),
      ),
    )
    const late = /^sent late: this happened \S+Z, begun \S+Z\n\n/
    expect(pings.map(({ type }, index) => [type, bodies[index]!.replace(late, "late: ")])).toEqual([
      ["start", ""],
      ["success", "one\n"],
      ["start", ""],
      ["fail", "two\n"],
      ["fail", "late: three\noverdue: killed by SIGKILL\n"],
      ["success", "late: four\n"],
      ["start", ""],
      ["success", "five\n"],
      ["start", ""],
      ["success", "six\n"],
    ])
    expect(check).toMatchObject({ status: "up", started: false })
  })
})
