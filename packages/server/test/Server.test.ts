import * as Monitor from "@overdue/engine/Monitor"
import * as Dialects from "@overdue/server/dialects/index"
import * as Server from "@overdue/server/Server"
import { describe, expect, it } from "vitest"
import { HttpHost, root, site } from "../../../test/kit/HttpHost.ts"
import * as EchoDialect from "./dialects/EchoDialect.ts"

it("the root of a server leads to a page about its API", async () => {
  await using server = await HttpHost.open()
  const root = await server.ask("GET", "/", { key: "" })
  expect(root.status).toBe(302)
  const page = await server.ask("GET", root.headers["location"]!, { key: "" })
  expect(page).toMatchObject({ status: 200 })
  expect(page.headers["content-type"]).toContain("text/html")
})

it("a path that nobody speaks is not found", async () => {
  await using server = await HttpHost.open()
  expect(await server.ask("GET", "/nothing", { key: "" })).toMatchObject({
    status: 404,
    text: "not found: nothing is served at this path of this host; check both in the address",
  })
})

it("an answer that something is not found sends nobody to a page that is not there", async () => {
  const echo = { ...EchoDialect.dialect, routes: [], hosts: ["echo.example.org"] }
  await using server = await HttpHost.open({ dialects: [...Dialects.dialects, echo] })
  for (const [path, headers] of [
    ["/nothing", { host: "echo.example.org" }],
    ["/echo/nothing", {}],
  ] as const) {
    const { status, text } = await server.ask("GET", path, { headers })
    expect([status, text]).toEqual([404, expect.not.stringMatching(/page|\/ /)])
  }
})

describe("a body through the handler", () => {
  const endless = (): ReadableStream<Uint8Array> => {
    const chunk = new Uint8Array(2 ** 20).fill(0x78)
    return new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })
  }
  const broken = (): ReadableStream<Uint8Array> =>
    new ReadableStream({ pull: (controller) => controller.error(new Error("the sender went away")) })

  it.each([
    ["ping", "too large", endless, 413, /^the body is too large: at most 67108864 bytes are read$/],
    ["ping", "broken off", broken, 400, /^the body could not be read to its end; send the ping again$/],
    ["api/v3/checks/", "too large", endless, 400, /"request body is too long"/],
    ["api/v3/checks/", "broken off", broken, 400, /"could not parse request body"/],
    ["inbound/email", "too large", endless, 413, /^a message has at most 26214400 bytes$/m],
    [
      "inbound/email",
      "broken off",
      broken,
      400,
      /^the message could not be read to its end; send it again$/m,
    ],
  ])("of %s that is %s is refused for that", async (path, _case, body, status, text) => {
    await using monitor = await Monitor.make()
    const handle = await Server.handler(monitor, site)
    const { id } = await monitor.create({ name: "job" })
    const url = `${root}/${path === "ping" ? `ping/${id}` : path}`
    const init = { method: "POST", body: body(), duplex: "half" } as RequestInit // safe because Node knows `duplex`
    const response = await handle(new Request(url, init))
    expect([response.status, await response.text()]).toEqual([status, expect.stringMatching(text)])
  })
})
