/** A host that the operator gives to one dialect is that dialect's own, on a real server. */
import { expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import { exchange, request } from "../../kit/RawHttp.ts"

it("a virtual host speaks its dialect at its root, and nothing else", async () => {
  using folder = Folder.make()
  const args = ["--host-of", "healthchecks=HC.example.org", "--host-of", "healthchecks=ping.example.org."]
  await using overdue = await OverdueServer.start(folder.path, { args })
  const { json } = await overdue.api("POST", "/hc/api/v3/checks/", { name: "job" })
  const ping = new URL(String(json["ping_url"])).pathname
  const status = async (host: string, path: string): Promise<number> =>
    (await exchange(overdue.url, ...request(`GET ${path}`, { host }))).status
  for (const host of ["hc.example.org", "ping.example.org:8000"]) {
    expect([host, await status(host, ping)]).toEqual([host, 200])
    expect([host, await status(host, `/hc${ping}`)]).toEqual([host, 404])
    expect([host, await status(host, "/healthz")]).toEqual([host, 200])
  }
  expect(await status("other.example.org", ping)).toBe(200)
  expect(await status("other.example.org", `/hc${ping}`)).toBe(200)
})
