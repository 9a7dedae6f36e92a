/** Ids and time zones that somebody has edited into nonsense: the log says so, and everything goes on. */
import { hour } from "@overdue/core/Time"
import { Store } from "@overdue/core/Store"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import { afterAll, describe, expect, it } from "vitest"
import * as EditedHost from "../../kit/EditedHost.ts"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"

const folder = Folder.make("damaged-names")
afterAll(() => folder[Symbol.dispose]())

/** A server over a file with two checks, `a` and `b`, which tell a channel, and what edits the file beside it. */
const open = async (name: string) => {
  const edited = await EditedHost.open(folder.path, name)
  const { host, log } = edited
  await host.ask("POST", "/api/v3/channels/", { body: { name: "desk", kind: "callback" } })
  const ids: string[] = []
  for (const slug of ["a", "b"]) {
    const body = { name: slug, slug, timeout: 3600, grace: 60, channels: "*" }
    ids.push((await host.ask("POST", "/api/v3/checks/", { body })).json().uuid)
    await host.ask("GET", `/ping/${ids.at(-1)}`)
  }
  return {
    ...edited,
    a: ids[0]!,
    b: ids[1]!,
    inspect: () => host.run(Effect.flatMap(Store, (store) => store.inspect)),
    damage: () => log.filter((line) => line.includes("is damaged")),
    claim: () =>
      host.run(
        Effect.gen(function* () {
          const store = yield* Store
          return yield* store.claimDeliveries(yield* SteadyClock.now, 100, 1000)
        }),
      ),
  }
}

const nonsense = ["nonsense", "", "42", "\u0000", "5C8C4C10-6D2A-4A7E-9A53-6F1F3A0D2B11"]
const uuid = "nothing is found by it: expected a UUID in lower case"

describe("a check whose id is nonsense", () => {
  it.each(nonsense)("(%j) is named in the log every hour, and goes down and is told of", async (id) => {
    await using server = await open(`check-${nonsense.indexOf(id)}`)
    const { host, editor, a, b, inspect, damage, sweep, claim } = server
    expect(await inspect()).toBe(0)
    editor.prepare("UPDATE checks SET id = ? WHERE id = ?").run(id, b)
    expect([await inspect(), await inspect()]).toEqual([1, 1])
    expect(damage()).toEqual([expect.stringContaining(`column id of table checks: ${uuid}`)])
    expect(damage().join()).toContain(`not all is well: the record of check `)
    expect((await host.ask("GET", `/ping/${a}`)).text).toBe("OK")
    expect((await host.ask("GET", `/ping/${b}`)).status).toBe(404)
    expect((await host.ask("GET", "/api/v3/checks/")).json().checks).toHaveLength(2)
    await host.advance(1.5 * hour)
    await host.ask("GET", `/ping/${a}`)
    await sweep()
    const told = (await claim()).map(({ alert }) => [alert.check.details.name, alert.status])
    expect(told).toContainEqual(["b", "down"])
  })
})

describe("a project whose time zone is none", () => {
  it.each(["Mars/Olympus", "", "5", "europe/riga"])(
    "(%j) is named in the log, and works on",
    async (zone) => {
      await using server = await open(`zone-${zone.replace("/", "-")}`)
      const { host, editor, a, inspect, damage, claim } = server
      editor.prepare("UPDATE projects SET zone = ? WHERE id = ?").run(zone, host.project.id)
      expect(await inspect()).toBe(1)
      const line = String.raw`column zone of table projects: \"${zone}\" is no time zone: expected an IANA name`
      expect(damage().map((one) => one.replaceAll("\\\\", "\\"))).toEqual([expect.stringContaining(line)])
      expect((await host.ask("GET", `/ping/${a}/fail`)).text).toBe("OK")
      expect((await host.ask("GET", "/api/v3/checks/")).json().checks).toHaveLength(2)
      expect(await claim()).toHaveLength(1)
    },
  )
})

describe("a name by which nothing is found", () => {
  it.each([
    ["projects", "id", uuid],
    ["channels", "id", uuid],
    ["api_keys", "digest", "no key has it: expected 64 hexadecimal digits"],
  ])("in %s is said to be damaged", async (table, column, what) => {
    await using server = await open(`name-${table}`)
    const { editor, inspect, damage } = server
    editor.exec(`UPDATE ${table} SET ${column} = 'nonsense' WHERE key = 1`)
    expect(await inspect()).toBeGreaterThan(0)
    expect(damage().join()).toContain(`nonsense… `)
    expect(damage().join()).toContain(`column ${column} of table ${table}: ${what}`)
  })
})

describe("an API key of no project", () => {
  it("is said to be damaged, also to whoever has it", async () => {
    await using server = await open("key")
    const { host, editor, inspect, damage } = server
    editor.exec("UPDATE api_keys SET project = 77")
    const answer = await host.ask("GET", "/api/v3/checks/", { key: keys.readWrite })
    expect([answer.status, answer.headers["overdue-error"]]).toEqual([
      500,
      "a record that this needs is damaged: column project of table api_keys; the operator can correct it",
    ])
    expect(await inspect()).toBeGreaterThan(0)
    expect(damage().join()).toContain("column project of table api_keys: there is no such project")
  })
})
