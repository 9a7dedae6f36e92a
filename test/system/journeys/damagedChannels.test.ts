/** Channels, alerts and times that somebody has damaged: whom they concern is told, or the log says why not. */
import type { SQLInputValue } from "node:sqlite"
import { Store } from "@overdue/core/Store"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import { afterAll, describe, expect, it } from "vitest"
import * as EditedHost from "../../kit/EditedHost.ts"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"

const folder = Folder.make("damaged-channels")
afterAll(() => folder[Symbol.dispose]())

/** A server over a file with a check that tells two channels, `desk` and `wall`, and what edits the file beside it. */
const open = async (name: string) => {
  const edited = await EditedHost.open(folder.path, name)
  const { host, editor } = edited
  const ids: string[] = []
  for (const channel of ["desk", "wall"]) {
    const { json } = await host.ask("POST", "/api/v3/channels/", {
      body: { name: channel, kind: "callback" },
    })
    ids.push(json().id)
  }
  const { json } = await host.ask("POST", "/api/v3/checks/", {
    body: { name: "backup", timeout: 3600, grace: 60, channels: "*" },
  })
  const check: string = json().uuid
  await host.ask("GET", `/ping/${check}`)
  return {
    ...edited,
    check,
    desk: ids[0]!,
    /** Whom claimed deliveries go to. */
    claim: async () => {
      const claims = await host.run(
        Effect.gen(function* () {
          const store = yield* Store
          return yield* store.claimDeliveries(yield* SteadyClock.now, 100, 1000)
        }),
      )
      return claims.map(({ channel }) => channel.name)
    },
    inspect: () => host.run(Effect.flatMap(Store, (store) => store.inspect)),
    spoil: (column: string, value: SQLInputValue) =>
      editor.prepare(`UPDATE channels SET "${column}" = ? WHERE id = ?`).run(value, ids[0]!),
  }
}

/** What is written of the first channel in the log. */
const linesOf = (log: readonly string[], id: string) =>
  log.filter((line) => line.includes(`channel ${id.slice(0, 8)}…`))

describe("a channel of no project", () => {
  it.each([999_999, -1, 9_223_372_036_854_775_807n])(
    "(%s) is left out of lists, which say so, keeps nobody else from being told, and is told once it is mended",
    async (project) => {
      await using server = await open(`project-${project}`)
      const { host, log, check, desk, spoil, claim, editor } = server
      spoil("project", project)
      const list = await host.ask("GET", "/api/v3/channels/")
      expect([list.status, list.headers["overdue-warning"]]).toEqual([
        200,
        "1 damaged record left out; the log of the server says which",
      ])
      expect(list.json().channels.map(({ name }: { name: string }) => name)).toEqual(["wall"])
      expect((await host.ask("GET", `/ping/${check}/fail`)).text).toBe("OK")
      expect(await claim()).toEqual(["wall"])
      expect(linesOf(log, desk).join()).toContain("an alert waits: ")
      expect(linesOf(log, desk).join()).toContain("column project of table channels")
      const test = await host.ask("POST", `/api/v3/channels/${desk}/test`)
      expect([test.status, test.headers["overdue-error"]]).toEqual([
        500,
        "a record that this needs is damaged: column project of table channels; the operator can correct it",
      ])
      editor.exec("UPDATE channels SET project = (SELECT project FROM checks)")
      await host.advance(1000)
      expect(await claim()).toContain("desk")
    },
  )
})

describe("a damaged channel", () => {
  it.each([
    ["value", "{"],
    ["tells_up", 7],
    ["created_at", -1],
  ])("(%s = %s) can be deleted, by nobody but its project, and is told no more", async (column, value) => {
    await using server = await open(`deleted-${column}`)
    const { host, check, desk, spoil, claim, inspect, editor } = server
    await host.ask("GET", `/ping/${check}/fail`)
    spoil(column, value)
    const path = `/api/v3/channels/${desk}`
    expect((await host.ask("DELETE", path, { key: keys.other })).status).toBe(404)
    const deleted = await host.ask("DELETE", path)
    expect([deleted.status, deleted.json()]).toEqual([200, { id: desk }])
    expect((await host.ask("DELETE", path)).status).toBe(404)
    expect((await host.ask("GET", "/api/v3/channels/")).headers["overdue-warning"]).toBeUndefined()
    expect(editor.prepare("SELECT count(*) AS n FROM deliveries").get()).toEqual({ n: 1 })
    expect(await claim()).toEqual(["wall"])
    expect(await inspect()).toBe(0)
  })

  it("of no project can be deleted by whoever knows it", async () => {
    await using server = await open("deleted-project")
    const { host, desk, spoil, inspect } = server
    spoil("project", 999_999)
    const deleted = await host.ask("DELETE", `/api/v3/channels/${desk}`)
    expect([deleted.status, deleted.json()]).toEqual([200, { id: desk }])
    expect(await inspect()).toBe(0)
  })
})

describe("a channel that is disabled for no reason that anybody can read", () => {
  it.each([1e300, "", "1", "true", "{"])(
    "(%s) is said to be damaged, and what waits is kept",
    async (why) => {
      await using server = await open(`disabled-${why}`)
      const { host, log, check, desk, spoil, claim, editor } = server
      spoil("disabled", why)
      await host.ask("GET", `/ping/${check}/fail`)
      expect(await claim()).toEqual(["wall"])
      expect(linesOf(log, desk).join()).toContain("column disabled of table channels")
      const list = await host.ask("GET", "/api/v3/channels/")
      expect(list.headers["overdue-warning"]).toContain("1 damaged record left out")
      editor.exec("UPDATE channels SET disabled = NULL")
      await host.advance(1000)
      expect(await claim()).toContain("desk")
    },
  )

  it("is damaged likewise by a switch that is neither on nor off", async () => {
    await using server = await open("switch")
    const { host, log, check, desk, spoil, claim } = server
    spoil("tells_down", 2)
    await host.ask("GET", `/ping/${check}/fail`)
    expect(await claim()).toEqual(["wall"])
    expect(linesOf(log, desk).join()).toContain("column tells_down of table channels: 2 is out of range")
  })

  it("stays disabled for one that is, whatever a notifier gives as one", async () => {
    await using server = await open("reason")
    const { host, desk } = server
    await host.run(Effect.flatMap(Store, (store) => store.disableChannel(desk, "410")))
    const [channel] = (await host.ask("GET", "/api/v3/channels/?details=1")).json().channels
    expect(channel.disabled).toBe("the notifier said: 410")
  })
})

describe("a check that is to tell a channel which does not exist", () => {
  it("has a line in the log every hour, whether or not there is something to tell", async () => {
    await using server = await open("missing")
    const { host, log, check, claim, inspect, editor, desk } = server
    expect(await inspect()).toBe(0)
    editor
      .prepare("UPDATE channels SET id = ? WHERE id = ?")
      .run("5c8c4c10-6d2a-4a7e-9a53-6f1f3a0d2b11", desk)
    expect([await inspect(), await inspect()]).toEqual([1, 1])
    const said = () => linesOf(log, desk).filter((line) => line.includes("column channels of table checks"))
    expect(said()).toHaveLength(1)
    expect((await host.ask("GET", `/ping/${check}/fail`)).text).toBe("OK")
    expect(said().at(-1)).toContain("an alert goes nowhere: ")
    expect(await claim()).toEqual(["wall"])
    expect(log.join()).not.toContain(check)
  })
})

describe("a time that no clock reaches", () => {
  it("of a delivery does not keep it: it is sent at once, and the log says so", async () => {
    await using server = await open("due")
    const { host, log, check, claim, editor } = server
    await host.ask("GET", `/ping/${check}/fail`)
    editor.exec("UPDATE deliveries SET due_at = 9000000000000000")
    expect(await claim()).toEqual(["desk", "wall"])
    expect(log.join()).toContain("an alert that nothing was to send is sent now: ")
    expect(log.join()).toContain("column due_at of table deliveries: 9000000000000000 is out of range")
  })

  it("at which a check is to be looked at is said to be damaged", async () => {
    await using server = await open("look")
    const { log, sweep, editor } = server
    editor.exec("UPDATE checks SET look_at = 9000000000000000")
    await expect(sweep()).rejects.toMatchObject({ reason: "damaged" })
    expect(log.join()).toContain("column look_at of table checks: 9000000000000000 is out of range")
  })

  it.each(["NULL", "deadline + 1"])("or none (%s) although a deadline is near is mended", async (look) => {
    await using server = await open(`none-${look}`)
    const { host, log, inspect, sweep, editor } = server
    editor.exec(`UPDATE checks SET look_at = ${look}`)
    expect(await inspect()).toBe(1)
    expect(log.join()).toContain("mended: ")
    await host.advance(3_660_000)
    expect(await sweep()).toBe(1)
  })
})

describe("a time that lies thousands of years ahead", () => {
  it.each([
    [
      "marks of table checks, field silencedUntil",
      `UPDATE checks SET marks = '{"silencedUntil":7000000000000000}'`,
    ],
    ["marks of table checks, field tellAt", `UPDATE checks SET marks = '{"tellAt":7000000000000000}'`],
    ["deadline of table checks", "UPDATE checks SET deadline = 7000000000000000"],
    [
      "silenced_until of table projects",
      "UPDATE projects SET silenced_until = 7000000000000000 WHERE key = 1",
    ],
    ["to_at of table blind_spans", "INSERT INTO blind_spans (from_at, to_at) VALUES (1, 7000000000000000)"],
    ["due_at of table deliveries", "UPDATE deliveries SET due_at = 7000000000000000 WHERE key = 1"],
  ])("(%s) is said to be damaged", async (place, sql) => {
    await using server = await open(`ahead-${place.replaceAll(" ", "-")}`)
    const { host, log, check, sweep, inspect, editor } = server
    await host.ask("GET", `/ping/${check}/fail`)
    await sweep()
    expect(await inspect()).toBe(0)
    editor.exec(sql)
    expect(await inspect()).toBeGreaterThan(0)
    expect(log.join()).toContain(`column ${place}: 7000000000000000 is thousands of years ahead`)
  })
})

describe("a delivery that leads to nothing", () => {
  it.each([
    ["check_key", 77],
    ["channel_key", 77],
    ["flip", 77],
    ["project", 77],
    ["status", "zombie"],
    ["failures", 1e6],
  ])("(%s = %s) is said to", async (column, value) => {
    await using server = await open(`severed-${column}`)
    const { host, log, check, claim, inspect, editor } = server
    await host.ask("GET", `/ping/${check}/fail`)
    editor
      .prepare(`UPDATE deliveries SET "${column}" = ? WHERE key = (SELECT min(key) FROM deliveries)`)
      .run(value)
    expect(await claim()).toEqual(["wall"])
    await inspect()
    const line = log.find((one) => one.includes("table deliveries")) ?? ""
    expect(line).toContain(column)
  })
})
