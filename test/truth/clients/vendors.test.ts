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

describe("HostMonits' command lines", () => {
  it("list, create, get, update and delete heartbeats", async (context) => {
    const run = (line: string, names?: Record<string, string>) => curl(context, line, "/u66", names)
    const made = await run(`curl --request POST \\
--url 'https://www.hostmonits.com/api/heartbeats' \\
--header 'Authorization: Bearer {api_key}' \\
--header 'Content-Type: multipart/form-data' \\
--form 'name=Example' \\
--form 'target=example.com'`)
    expect(made).toEqual({ status: 201, json: { data: { id: expect.any(Number) } } })
    const names = { "{heartbeat_id}": String(made.json.data.id) }
    const list = await run(`curl --request GET \\
--url 'https://www.hostmonits.com/api/heartbeats/' \\
--header 'Authorization: Bearer {api_key}'`)
    expect(list.json.data).toContainEqual(expect.objectContaining({ id: made.json.data.id, name: "Example" }))
    const changed = await run(
      `curl --request POST \\
--url 'https://www.hostmonits.com/api/heartbeats/{heartbeat_id}' \\
--header 'Authorization: Bearer {api_key}' \\
--header 'Content-Type: multipart/form-data' \\
--form 'name=Example new name'`,
      names,
    )
    expect(changed).toEqual({ status: 200, json: made.json })
    const one = await run(
      `curl --request GET \\
--url 'https://www.hostmonits.com/api/heartbeats/{heartbeat_id}' \\
--header 'Authorization: Bearer {api_key}'`,
      names,
    )
    expect(one).toMatchObject({ status: 200, json: { data: { name: "Example new name", is_ok: 1 } } })
    const gone = await run(
      `curl --request DELETE \\
--url 'https://www.hostmonits.com/api/heartbeats/{heartbeat_id}' \\
--header 'Authorization: Bearer {api_key}'`,
      names,
    )
    expect(gone.status).toBe(204)
  })
})

describe("Pinghome's requests", () => {
  const headers = { Authorization: `Bearer ${keys.readWrite}`, "Content-Type": "application/json" }

  /** Sends a request as the example does, to the host of each service as a path of this server. */
  const ask = async (method: string, url: string, data?: unknown) => {
    const [, service, path] = /^https:\/\/([a-z-]+)\.api\.pinghome\.io(\/.*)$/.exec(url)!
    const answer = await fetch(`${fixture.overdue.url}/ph/${service}${path}`, {
      method,
      headers: service === "data-gateway" ? {} : headers,
      ...(data !== undefined && { body: JSON.stringify(data) }),
    })
    return { status: answer.status, json: await answer.json() }
  }

  it("create, update, report to, look at and delete heartbeats", async () => {
    const service = await ask("POST", "https://resource-cmd.api.pinghome.io/v1/service", {
      name: "Site",
      team_id: "14ab74bf-87a0-4565-a291-ad5c9733c53f",
    })
    expect(service.status).toBe(201)
    const heartbeat = "https://resource-cmd.api.pinghome.io/v1/heartbeat"
    const made = await ask("POST", heartbeat, { service_id: service.json.id, name: "My heartbeat" })
    expect(made).toMatchObject({ status: 201, json: { message: expect.any(String), id: expect.any(String) } })
    const { id } = made.json
    const update = { name: "My heartbeat", interval: 60, enabled: true, methods: ["GET", "POST"] }
    expect((await ask("PUT", `${heartbeat}/${id}`, update)).status).toBe(200)
    expect((await ask("GET", `https://data-gateway.api.pinghome.io/v1/heartbeat/${id}`)).status).toBe(200)
    const queries = [
      `https://resource-query.api.pinghome.io/v1/service/${service.json.id}/heartbeats?page=1&limit=50`,
      `https://resource-query.api.pinghome.io/v1/heartbeat/${id}`,
      `https://statistic-query.api.pinghome.io/v1/heartbeat/${id}/statistic?interval=7d&start_date=2022-04-03T21:00:00Z&end_date=2022-04-07T21:00:00Z`,
      `https://statistic-query.api.pinghome.io/v1/heartbeat/${id}/events?limit=10&last_received_at=2023-03-27T09:57:54Z`,
    ]
    for (const url of queries) expect([url, (await ask("GET", url)).status]).toEqual([url, 200])
    const other = await ask("POST", heartbeat, { service_id: service.json.id, name: "Another" })
    expect((await ask("DELETE", `${heartbeat}?id=${id}&id=${other.json.id}`)).json.ids).toEqual([
      id,
      other.json.id,
    ])
    expect((await ask("GET", `https://data-gateway.api.pinghome.io/v1/heartbeat/${id}`)).status).toBe(404)
  })
})
