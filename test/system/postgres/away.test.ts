/** A database that goes away while a server runs on it. */
import { expect, it } from "vitest"
import { eventually } from "../../kit/Eventually.ts"
import * as Databases from "../../kit/postgres/Databases.ts"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"
import * as Server from "../../kit/postgres/Server.ts"
import * as Installation from "./Installation.ts"

await onPostgres("a PostgreSQL database that goes away under a server", () => {
  it("has pings wait for five seconds at most, be told to come again, and be taken once it is back", async () => {
    await using database = await Server.start({ isDurable: true })
    using own = Installation.at(database.url)
    await using overdue = await own.serve()
    const { json } = await overdue.api("POST", "/api/v3/checks/", { name: "job" })
    const ping = async () => {
      const begun = performance.now()
      const answer = await fetch(String(json["ping_url"]))
      const text = await answer.text()
      return {
        status: answer.status,
        retryAfter: answer.headers.get("retry-after"),
        text,
        took: performance.now() - begun,
      }
    }
    expect((await ping()).status).toBe(200)

    await database.break()
    const refused = await ping()
    expect(refused).toMatchObject({ status: 503, retryAfter: "5" })
    // Five seconds, and what a busy machine adds.
    expect(refused.took).toBeLessThan(10_000)
    expect((await fetch(`${overdue.url}/healthz`)).status).toBe(503)
    expect((await overdue.api("GET", "/api/v3/checks/")).status).toBe(503)
    expect(overdue.output.stderr).not.toContain("of-no-consequence")

    await database.mend()
    const taken = await eventually(ping, ({ status }) => status === 200)
    expect(taken.text).toBe("OK")
    await eventually(
      async () => (await fetch(`${overdue.url}/healthz`)).status,
      (status) => status === 200,
    )
    const counted = await Databases.run(database.url, "SELECT pings FROM checks")
    expect(counted).toEqual([[2]])
    expect((await overdue.stop()).code).toBe(0)
  })

  it("for a moment refuses no ping", async () => {
    await using database = await Server.start({ isDurable: true })
    using own = Installation.at(database.url)
    await using overdue = await own.serve()
    const { json } = await overdue.api("POST", "/api/v3/checks/", { name: "job" })
    await fetch(String(json["ping_url"]))
    await database.break()
    const waiting = fetch(String(json["ping_url"]))
    await database.mend()
    const answer = await waiting
    expect([answer.status, await answer.text()]).toEqual([200, "OK"])
    expect(await Databases.run(database.url, "SELECT pings FROM checks")).toEqual([[2]])
  })
})
