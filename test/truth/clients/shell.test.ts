/** The recipes that the documentation of Healthchecks gives to shell scripts, run by a shell. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest"
import { keys } from "../../kit/Keys.ts"
import { ClientFixture } from "./ClientFixture.ts"
import * as Tool from "./Tool.ts"

let fixture: ClientFixture
beforeAll(async () => {
  fixture = await ClientFixture.open()
})
afterAll(() => fixture[Symbol.asyncDispose]())

/** Runs a script that finds the ping URL in `$PING_URL`. */
const script = (
  context: TestContext,
  program: "curl" | "wget",
  lines: string,
  url = "",
): Promise<Tool.Outcome> => {
  Tool.need(context, program)
  return Tool.need(context, "bash")(["-c", lines], {
    environment: {
      PING_URL: url,
      PING_ENDPOINT: `${fixture.overdue.url}/ping/`,
      PING_KEY: keys.ping,
      API_URL: fixture.overdue.url,
      API_KEY: keys.readWrite,
    },
  })
}

const run = "f3b7c1de-1111-4222-8333-444455556666"

describe("curl", () => {
  it.for([
    ["a ping", "curl -m 10 --retry 5 $PING_URL", { type: "success", method: "GET" }],
    ["a silent ping", "curl -fsS -m 10 --retry 5 -o /dev/null $PING_URL", { type: "success" }],
    ["a ping after a job", "true && curl -fsS -m 10 --retry 5 -o /dev/null $PING_URL", { type: "success" }],
    ["a ping with HEAD", "curl -fsS -m 10 --retry 5 --head $PING_URL", { type: "success", method: "HEAD" }],
    ["a start", "curl -m 10 --retry 5 $PING_URL/start", { type: "start" }],
    ["a start of a run", `curl -m 10 --retry 5 $PING_URL/start?rid=${run}`, { type: "start", rid: run }],
    ["a failure", "curl -m 10 --retry 5 $PING_URL/fail", { type: "fail" }],
    ["a log line", "curl -m 10 --retry 5 --data-raw hello $PING_URL/log", { type: "log", method: "POST" }],
    ["an exit status", "true; curl -m 10 --retry 5 $PING_URL/$?", { type: "success" }],
    ["the exit status of a failure", "false; curl -m 10 --retry 5 $PING_URL/$?", { type: "fail" }],
    [
      "the exit status of a pipe",
      "set -o pipefail; false | cat; curl -m 10 --retry 5 $PING_URL/$?",
      { type: "fail" },
    ],
  ] as const)("sends %s", async ([, line, logged], context) => {
    const { id, url } = await fixture.check()
    expect((await script(context, "curl", line, url)).code).toBe(0)
    expect(await fixture.pings(id)).toMatchObject([{ ...logged, ua: expect.stringMatching(/^curl\//) }])
  })

  it("prints nothing when it is told so, and fails when there is no such check", async (context) => {
    const { url } = await fixture.check()
    const line = "curl -fsS -m 10 --retry 5 -o /dev/null $PING_URL"
    expect(await script(context, "curl", line, url)).toEqual({ code: 0, stdout: "", stderr: "" })
    const wrong = await script(context, "curl", line, `${fixture.overdue.url}/ping/${run}`)
    expect([wrong.code, wrong.stderr]).toEqual([22, expect.stringContaining("404")])
  })

  it.for([
    ["as one argument", 'm=$(seq 3 2>&1); curl -fsS -m 10 --retry 5 --data-raw "$m" $PING_URL', "1\n2\n3"],
    ["from a pipe", "seq 3 | curl -fsS --retry 3 --data-binary @- $PING_URL", "1\n2\n3\n"],
    [
      "with success or failure",
      'm=$(seq 3; false); curl -fsS --data-raw "$m" "$PING_URL$([ $? -ne 0 ] && echo -n /fail)"',
      "1\n2\n3",
    ],
  ] as const)("attaches the output of a job %s", async ([, line, text], context) => {
    const { id, url } = await fixture.check()
    expect((await script(context, "curl", line, url)).stdout).toBe("OK")
    const [ping] = await fixture.pings(id)
    expect(await fixture.body(ping!)).toBe(text)
  })

  it("attaches as much of a long log as is kept", async (context) => {
    const { id, url } = await fixture.check()
    const log = join(fixture.folder, "job.log")
    writeFileSync(log, "x".repeat(1_000_000))
    const lines = `curl -fsS --retry 3 --data-binary @${log} $PING_URL`
    expect((await script(context, "curl", lines, url)).stdout).toBe("OK")
    const [ping] = await fixture.pings(id)
    expect(await fixture.body(ping!)).toHaveLength(10_000)
  })

  it("measures how long a run takes", async (context) => {
    const { id, url } = await fixture.check()
    const lines = `
      RID=${run}
      curl -fsS -m 10 --retry 5 "$PING_URL/start?rid=$RID"
      true
      curl -fsS -m 10 --retry 5 "$PING_URL/$??rid=$RID"
    `
    expect((await script(context, "curl", lines, url)).stdout).toBe("OKOK")
    const [, finish] = await fixture.pings(id)
    expect(finish).toMatchObject({ type: "success", rid: run, duration: expect.any(Number) })
  })

  it("creates a check by its slug", async (context) => {
    const lines = "curl -m 10 --retry 5 -s $PING_ENDPOINT$PING_KEY/$(echo web-1)?create=1"
    expect((await script(context, "curl", lines)).stdout).toBe("Created")
    expect((await script(context, "curl", lines)).stdout).toBe("OK")
  })

  it("calls the management API", async (context) => {
    const create = `curl -fsS $API_URL/api/v3/checks/ --header "X-Api-Key: $API_KEY" --data '{"name": "Backups", "tags": "prod", "timeout": 3600, "unique": ["name"]}'`
    const { uuid } = JSON.parse((await script(context, "curl", create)).stdout)
    expect(JSON.parse((await script(context, "curl", create)).stdout).uuid).toBe(uuid)
    const list = `curl -fsSL --header "X-Api-Key: $API_KEY" "$API_URL/api/v3/checks?tag=prod"`
    expect(JSON.parse((await script(context, "curl", list)).stdout).checks).toMatchObject([{ uuid }])
    const remove = `curl -fsS $API_URL/api/v3/checks/${uuid} --header "X-Api-Key: $API_KEY" -X DELETE`
    expect(JSON.parse((await script(context, "curl", remove)).stdout).name).toBe("Backups")
  })
})

describe("wget", () => {
  it.for([
    ["a ping", "wget $PING_URL -T 10 -t 10 -O /dev/null", { type: "success", method: "GET" }],
    ["a quiet ping", "wget -q -T 10 -t 10 -O /dev/null $PING_URL", { type: "success" }],
    ["a ping without a body", "wget -q --spider -T 10 -t 10 $PING_URL", { type: "success", method: "HEAD" }],
    ["a failure", "wget -q -T 10 -t 10 -O /dev/null $PING_URL/fail", { type: "fail" }],
    ["output", "wget -q -T 10 -t 10 -O /dev/null --post-data=hello $PING_URL", { method: "POST" }],
  ] as const)("sends %s", async ([, line, logged], context) => {
    const { id, url } = await fixture.check()
    expect((await script(context, "wget", line, url)).code).toBe(0)
    expect(await fixture.pings(id)).toMatchObject([{ ...logged, ua: expect.stringMatching(/^Wget\//) }])
  })

  it("fails when there is no such check", async (context) => {
    const line = "wget -q -T 10 -t 10 -O /dev/null $PING_URL"
    expect((await script(context, "wget", line, `${fixture.overdue.url}/ping/${run}`)).code).toBe(8)
  })
})
