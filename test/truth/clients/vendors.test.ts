/** The requests that other services print on their pages, copied, with this server in place of theirs. */
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest"
import { keys } from "../../kit/Keys.ts"
import { ClientFixture } from "./ClientFixture.ts"
import * as Tool from "./Tool.ts"

let fixture: ClientFixture
beforeAll(async () => {
  fixture = await ClientFixture.open()
})
afterAll(() => fixture[Symbol.asyncDispose]())

/** Runs a command line of curl in a shell, and resolves to the answer's status and JSON. */
const curl = async (
  context: TestContext,
  line: string,
  mount: string,
  names: Record<string, string> = {},
) => {
  Tool.need(context, "curl")
  let command = line.replaceAll(
    /https:\/\/(?:cronhub\.io|www\.hostmonits\.com|[a-z-]+\.api\.pinghome\.io)/g,
    (site) => {
      const prefix = /\/\/([a-z-]+)\.api\.pinghome/.exec(site)?.[1]
      return fixture.overdue.url + mount + (prefix === undefined ? "" : `/${prefix}`)
    },
  )
  for (const [name, value] of Object.entries({
    ...names,
    "api-key": keys.readWrite,
    "{api_key}": keys.readWrite,
  }))
    command = command.replaceAll(name, value)
  const { code, stdout, stderr } = await Tool.need(
    context,
    "bash",
  )(["-c", `${command} -sS -w '\n%{http_code}'`])
  expect([code, stderr]).toEqual([0, ""])
  const [, text = "", status] = /^([^]*)\n(\d+)$/.exec(stdout) ?? []
  return { status: Number(status), json: text === "" ? undefined : JSON.parse(text) }
}

describe("Cronhub's command lines", () => {
  it("list, create, get, update, pause and delete monitors", async (context) => {
    const run = (line: string, names?: Record<string, string>) => curl(context, line, "/ch", names)
    const made = await run(`curl -X "POST" --header "X-Api-Key: api-key" \\
  -d name='Cronhub monitor example' \\
  -d schedule='* * * * *' \\
  -d grace_period=1 \\
  -d timezone=UTC \\
  https://cronhub.io/api/v1/monitors`)
    expect(made).toMatchObject({
      status: 200,
      json: { success: true, response: { status: null, grace_period: 1 } },
    })
    const { code } = made.json.response
    const names = { "<monitor-uuid>": code }
    const list = await run(`curl --header "X-Api-Key: api-key" https://cronhub.io/api/v1/monitors`)
    expect(list.json.response).toContainEqual({ ...made.json.response, status: "new" })
    const one = await run(
      `curl --header "X-Api-Key: api-key" https://cronhub.io/api/v1/monitors/<monitor-uuid>`,
      names,
    )
    expect(one).toEqual({
      status: 200,
      json: { success: true, response: { ...made.json.response, status: "new" } },
    })
    const changed = await run(
      `curl -X "PUT" --header "X-Api-Key: api-key"   -d name='Daily Email Report'   -d schedule='0 0 * * *'   -d grace_period=20   -d timezone=UTC   https://cronhub.io/api/v1/monitors/<monitor-uuid>`,
      names,
    )
    expect(changed).toMatchObject({ status: 200, json: { response: { name: "Daily Email Report", code } } })
    const paused = await run(
      `curl -X "PUT" --header "X-Api-Key: api-key" https://cronhub.io/api/v1/monitors/<monitor-uuid>/pause`,
      names,
    )
    expect(paused).toMatchObject({ status: 200, json: { response: { status: "paused" } } })
    const gone = await run(
      `curl -X "DELETE" --header "X-Api-Key: api-key" https://cronhub.io/api/v1/monitors/<monitor-uuid>`,
      names,
    )
    expect(gone).toEqual({ status: 200, json: { success: true, response: [] } })
  })
})
