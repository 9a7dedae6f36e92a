/** Several servers on one PostgreSQL database. */
import { expect, it } from "vitest"
import { eventually } from "../../kit/Eventually.ts"
import { keys } from "../../kit/Keys.ts"
import * as Databases from "../../kit/postgres/Databases.ts"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"
import * as Receiver from "../../kit/Receiver.ts"
import * as Installation from "./Installation.ts"

await onPostgres("several servers on one PostgreSQL database", ({ fresh }) => {
  it("that start at once on an empty one all serve, with one project, whose keys one of them has shown", async () => {
    using own = Installation.at(fresh())
    const nodes = Array.from({ length: 6 }, () => own.start(["serve", "--port", "0"]))
    try {
      const urls = await Promise.all(
        nodes.map(async ({ printed }) => (await printed(/^overdue is listening on (http:\/\/\S+)\n/))[1]!),
      )
      // Each says that it has started after it has shown its keys.
      await eventually(
        () => nodes.filter(({ output }) => output.stderr.includes("started at")).length,
        (started) => started === nodes.length,
      )
      const shown = nodes.flatMap(({ output }) => /API key +(hcw_\S+)/.exec(output.stdout)?.[1] ?? [])
      expect(shown).toHaveLength(1)
      const status = async (url: string) =>
        (await fetch(`${url}/api/v3/checks/`, { headers: { "X-Api-Key": shown[0]! } })).status
      expect(await Promise.all(urls.map(status))).toEqual(urls.map(() => 200))
      expect(await Databases.run(own.database, "SELECT name FROM projects")).toEqual([["default"]])
    } finally {
      for (const { child } of nodes) child.kill("SIGTERM")
    }
    const ended = await Promise.all(nodes.map((node) => node.ended))
    expect(ended.map(({ code }) => code)).toEqual(nodes.map(() => 0))
  })

  it("take one check's pings together, and tell of it once", async () => {
    using own = Installation.at(fresh())
    await using receiver = await Receiver.listen(Receiver.status(200))
    await using first = await own.serve()
    await using second = await own.serve()
    const value = JSON.stringify({ url_down: `${receiver.url}/$STATUS`, url_up: `${receiver.url}/$STATUS` })
    await own.run(["channels", "add", "webhook", "ops", "--value", value])
    const { json } = await first.api("POST", "/api/v3/checks/", { name: "shared", channels: "*" })
    const path = new URL(String(json["ping_url"])).pathname
    const urls = [first.url, second.url]
    const sent = Array.from({ length: 40 }, (_, index) => fetch(`${urls[index % 2]}${path}`))
    expect((await Promise.all(sent)).every(({ status }) => status === 200)).toBe(true)
    await fetch(`${first.url}${path}/fail`)
    await fetch(`${second.url}${path}`)
    const heard = await eventually(
      () => receiver.received.map(({ url }) => url),
      (told) => told.includes("/up"),
    )
    expect(heard).toEqual(["/down", "/up"])
    const headers = { "X-Api-Key": keys.readOnly }
    const pings = (await (await fetch(`${second.url}/api/v3/checks/`, { headers })).json()) as {
      readonly checks: readonly { readonly n_pings: number }[]
    }
    expect(pings.checks.map(({ n_pings: count }) => count)).toEqual([42])
  })
})
