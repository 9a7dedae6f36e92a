import * as Dialects from "@overdue/server/dialects/index"
import { expect, it } from "vitest"
import { HttpHost } from "../../../test/kit/HttpHost.ts"
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
