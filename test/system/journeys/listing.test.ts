/** What listing many checks asks of the database. */
import { StatementSync } from "node:sqlite"
import { expect, it, vi } from "vitest"
import { keys } from "../../kit/Keys.ts"
import { ReplayedServer } from "../../truth/ReplayedServer.ts"

/** Statements that SQLite runs while something is done. */
const statements = async (work: () => Promise<void>): Promise<number> => {
  const methods = (["all", "get", "run", "iterate"] as const).map((method) =>
    vi.spyOn(StatementSync.prototype, method),
  )
  try {
    await work()
    return methods.reduce((count, { mock }) => count + mock.calls.length, 0)
  } finally {
    for (const method of methods) method.mockRestore()
  }
}

it("a list of 1,000 checks with channels asks SQLite no more often than a list of 10", async () => {
  await using server = await ReplayedServer.open({
    store: "sqlite",
    start: Date.UTC(2026, 5, 15),
    checkLimit: 1000,
  })
  for (const name of ["ops", "oncall"]) await server.addChannel({ kind: "callback", name, value: {} })
  const send = (method: string, path: string, body?: object) =>
    server.send({
      method,
      path,
      headers: { "X-Api-Key": keys.readWrite },
      body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
    })
  const create = async (from: number, to: number) => {
    for (let n = from; n < to; n++) {
      const check = { name: `job ${n}`, tags: `all t${n % 7}`, channels: "*", slug: `job-${n}` }
      expect((await send("POST", "/api/v3/checks/", check)).status).toBe(201)
    }
  }
  const count = (path: string, listed: number) =>
    statements(async () => {
      const { status, text } = await send("GET", path)
      expect([status, JSON.parse(text).checks.length]).toEqual([200, listed])
    })
  const paths = ["/api/v3/checks/", "/api/v3/checks/?tag=all", "/api/v1/checks/"]
  await create(0, 10)
  const few = []
  for (const path of paths) few.push(await count(path, 10))
  await create(10, 1000)
  const many = []
  for (const path of paths) many.push(await count(path, 1000))
  expect(many).toEqual(few)
  expect(Math.min(...few)).toBeGreaterThan(0)
  expect(Math.max(...many)).toBeLessThanOrEqual(6)
})
