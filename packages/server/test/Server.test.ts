import { expect, it } from "vitest"
import { HttpHost } from "../../../test/kit/HttpHost.ts"

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
    text: "not found: no route has this path; the page at / describes the API",
  })
})
