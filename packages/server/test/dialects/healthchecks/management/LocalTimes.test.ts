/** Instants in requests that are written on the wall clock of a zone. */
import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

/** Christmas on the wall clock. */
const christmas = { from: "2026-12-24T18:00", to: "2026-12-27" }

describe("a quiet window with local times", () => {
  const save = async (server: HttpHost, body: unknown, uuid = "") =>
    (await server.ask("POST", `/api/v3/checks/${uuid}`, { body })).json()

  it.each([
    [{ schedule: "0 3 * * *", tz: "Pacific/Auckland" }, "2026-12-24T05:00:00+00:00"],
    [{ timeout: 3600, tz: "America/St_Johns" }, "2026-12-24T21:30:00+00:00"],
    [{ timeout: 3600 }, "2026-12-24T18:00:00+00:00"],
  ])("is on the clock of the check: %j", async (when, from) => {
    await using server = await HttpHost.open()
    // The order of the fields in the request does not matter.
    for (const body of [
      { ...when, quiet: [christmas] },
      { quiet: [christmas], ...when },
    ]) {
      expect((await save(server, body)).quiet).toMatchObject([{ from }])
    }
  })

  it("is on the clock that the check has when only the window is changed, and stays when only the zone is", async () => {
    await using server = await HttpHost.open()
    const { uuid } = await save(server, { schedule: "0 3 * * *", tz: "Pacific/Auckland" })
    const quiet = [{ from: "2026-12-24T05:00:00+00:00", to: "2026-12-26T11:00:00+00:00" }]
    expect(await save(server, { quiet: [christmas] }, uuid)).toMatchObject({ quiet })
    expect(await save(server, { schedule: "0 3 * * *", tz: "UTC" }, uuid)).toMatchObject({ tz: "UTC", quiet })
  })

  it("is on a clock of its own when it says so, and instants are on none", async () => {
    await using server = await HttpHost.open()
    const check = await save(server, {
      schedule: "0 3 * * *",
      tz: "Pacific/Auckland",
      quiet: [
        { ...christmas, tz: "Europe/Berlin" },
        { from: "2026-12-24T18:00:00+01:00", to: "2026-12-27T00:00Z", tz: "Asia/Kolkata" },
      ],
    })
    expect(check.quiet).toEqual([
      { from: "2026-12-24T17:00:00+00:00", to: "2026-12-26T23:00:00+00:00" },
      { from: "2026-12-24T17:00:00+00:00", to: "2026-12-27T00:00:00+00:00" },
    ])
  })

  it.each(["Pacific/Kiritimati", "Pacific/Honolulu"])("may last for ever, on any clock: %s", async (tz) => {
    await using server = await HttpHost.open()
    const always = { from: "1970-01-01", to: "9999-12-31T23:59:59" }
    for (const quiet of [[always], [{ ...always, tz }]]) {
      const check = await save(server, { schedule: "0 3 * * *", tz, quiet })
      const [{ from, to }] = check.quiet
      expect([from.slice(0, 10), to.slice(0, 10)]).toEqual(["1970-01-01", "9999-12-31"])
    }
  })

  it("is refused when it ends before it begins in that zone, which nothing else can tell", async () => {
    await using server = await HttpHost.open()
    const quiet = [{ from: "2026-12-24T18:00", to: "2026-12-24T12:00:00Z" }]
    const { uuid } = await save(server, { schedule: "0 3 * * *", tz: "Pacific/Auckland", quiet })
    expect(uuid).toBeDefined()
    expect(await save(server, { schedule: "0 3 * * *", tz: "Europe/Berlin", quiet })).toEqual({
      error: "json validation error: an item in 'quiet' ends before it begins",
    })
  })
})

describe("a quiet window with a schedule", () => {
  const night = { schedule: "0 2 * * *", duration: 3600 }
  const inZone = (tz: string) => ({ quiet: [{ ...night, tz }] })

  const save = async (server: HttpHost, body: unknown, uuid = "") =>
    (await server.ask("POST", `/api/v3/checks/${uuid}`, { body })).json()

  it.each([
    [{ schedule: "0 3 * * *", tz: "Europe/Berlin" }, "Europe/Berlin"],
    [{ schedule: "0 3 * * *", tz: "Europe/Kiev" }, "Europe/Kyiv"],
    [{ schedule: "0 3 * * *" }, "UTC"],
    [{ timeout: 3600, tz: "Europe/Berlin" }, "Europe/Berlin"],
    [{ timeout: 3600 }, "UTC"],
    [{}, "UTC"],
  ])("is on the clock of the check: %j", async (when, tz) => {
    await using server = await HttpHost.open()
    for (const body of [
      { ...when, quiet: [night] },
      { quiet: [night], ...when },
    ]) {
      const check = await save(server, body)
      expect(check).toMatchObject(inZone(tz))
      // What is answered says the same when it is sent back.
      const { uuid, quiet } = check
      expect(await save(server, { quiet }, uuid)).toEqual(check)
    }
  })

  it("is on the clock that the check has when only the window is changed, and stays when only the zone is", async () => {
    await using server = await HttpHost.open()
    for (const body of [{ schedule: "0 3 * * *" }, { timeout: 3600 }]) {
      const { uuid } = await save(server, { ...body, tz: "Europe/Berlin" })
      expect(await save(server, { quiet: [night] }, uuid)).toMatchObject(inZone("Europe/Berlin"))
      expect(await save(server, { ...body, tz: "Asia/Tokyo" }, uuid)).toMatchObject(inZone("Europe/Berlin"))
      expect(await save(server, { quiet: [night] }, uuid)).toMatchObject(inZone("Asia/Tokyo"))
      const both = { ...body, tz: "America/New_York", quiet: [night] }
      expect(await save(server, both, uuid)).toMatchObject(inZone("America/New_York"))
    }
  })

  it("is on a clock of its own when it says so, and that of a channel in UTC", async () => {
    await using server = await HttpHost.open()
    const quiet = [{ ...night, tz: "Asia/Kolkata" }]
    const check = await save(server, { schedule: "0 3 * * *", tz: "Europe/Berlin", quiet })
    expect(check).toMatchObject({ quiet })
    const channel = { name: "ops", kind: "callback", value: {}, quiet: [night] }
    expect((await server.ask("POST", "/api/v3/channels/", { body: channel })).json()).toMatchObject(
      inZone("UTC"),
    )
  })
})

describe("statistics from and to a local time", () => {
  const windowOf = async (query: string) => {
    await using server = await HttpHost.open()
    const body = { schedule: "0 3 * * *", tz: "Europe/Riga" }
    const { uuid } = (await server.ask("POST", "/api/v3/checks/", { body })).json()
    const path = `/api/v3/checks/${uuid}/statistics${query}`
    const { start, end, error } = (await server.ask("GET", path, { key: keys.readOnly })).json()
    return error ?? [start, end]
  }

  it.each([
    ["?start=2026-06-01&end=2026-06-02", "2026-05-31T21:00:00+00:00", "2026-06-01T21:00:00+00:00"],
    [
      "?start=2026-06-01&end=2026-06-02&tz=Asia/Kolkata",
      "2026-05-31T18:30:00+00:00",
      "2026-06-01T18:30:00+00:00",
    ],
    [
      "?start=2026-06-01T12:00:00Z&end=2026-06-01T15:00:00.5%2B02:00",
      "2026-06-01T12:00:00+00:00",
      "2026-06-01T13:00:00.500000+00:00",
    ],
  ])("are on the clock of the check or the query: %s", async (query, start, end) => {
    expect(await windowOf(query)).toEqual([start, end])
  })

  it("are refused when there is no such day", async () => {
    expect(await windowOf("?start=2026-02-30")).toBe("start is not a valid timestamp")
  })
})
