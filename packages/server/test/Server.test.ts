import { expect, it } from "vitest"
import { House } from "./HttpHost.ts"

it("the root of a server leads to a page about its API", async () => {
  await using house = await House.open()
  const root = await house.ask("GET", "/", { key: "" })
  expect(root.status).toBe(302)
  const page = await house.ask("GET", root.headers["location"]!, { key: "" })
  expect(page).toMatchObject({ status: 200 })
  expect(page.headers["content-type"]).toContain("text/html")
})

it("a path that nobody speaks is not found", async () => {
  await using house = await House.open()
  expect(await house.ask("GET", "/nothing", { key: "" })).toMatchObject({
    status: 404,
    text: "not found: no route has this path; the page at / describes the API",
  })
})
