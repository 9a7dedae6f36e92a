/** Events, and the history that they leave. */
import { describe, expect, it } from "vitest"
import { keys, PinghomeHost } from "./PinghomeHost.ts"

const opened = async (given: Readonly<Record<string, unknown>> = {}) => {
  const server = await PinghomeHost.open()
  return { server, id: await server.heartbeat(await server.service(), { interval: 60, ...given }) }
}

const results = (events: readonly Record<string, unknown>[]) => events.map(({ result }) => result)

describe("an event", () => {
  it("is a check-in, the start of a run, its end, or a failure", async () => {
    const { server, id } = await opened()
    await using _ = server
    const state = async (query: string) => {
      await server.event(id, query)
      const { state, running } = await server.shown(id)
      return [state, running]
    }
    expect(await state("?result=run")).toEqual(["pending", true])
    expect(await state("?result=complete")).toEqual(["up", false])
    expect(await state("?result=run")).toEqual(["up", true])
    expect(await state("?result=fail")).toEqual(["down", false])
    expect(await state("?result=run")).toEqual(["down", true])
    expect(await state("")).toEqual(["up", false])
  })

  it("that starts a run is a check-in as well, and one that is never completed is missed", async () => {
    const { server, id } = await opened()
    await using _ = server
    await server.event(id)
    await server.advance(60)
    await server.event(id, "?result=run")
    await server.advance(65)
    expect(await server.shown(id)).toMatchObject({ state: "up", running: true })
    await server.advance(1)
    expect(await server.shown(id)).toMatchObject({ state: "down", running: true })
    expect(results(await server.events(id))).toEqual(["missed", "run", "tick"])
  })

  it("that never follows a first run is missed", async () => {
    const { server, id } = await opened()
    await using _ = server
    await server.event(id, "?result=run")
    await server.advance(66)
    expect(await server.shown(id)).toMatchObject({ state: "down" })
  })

  it("has the message of its query, or else of its body", async () => {
    const { server, id } = await opened()
    await using _ = server
    const path = `/data-gateway/v1/heartbeat/${id}`
    for (const query of ["?message=", "?message=query+%E2%82%AC"]) {
      expect((await server.ask("POST", path + query, { key: "", body: "body" })).status).toBe(200)
      await server.advance(1)
    }
    await server.ask("HEAD", path, { key: "" })
    await server.event(id, `?message=${"€".repeat(5_000)}`)
    const messages = (await server.events(id)).map(({ message }) => message)
    expect(messages.slice(1)).toEqual([null, "query €", "body"])
    expect(Buffer.from(messages[0]).length).toBeLessThanOrEqual(10_002)
    expect(messages[0].startsWith("€".repeat(3_333))).toBe(true)
  })

  it("is ignored by a method that is not allowed, and while the heartbeat is disabled", async () => {
    const { server, id } = await opened()
    await using _ = server
    await server.update(id, { methods: ["post"] })
    const message = async (method: string) =>
      (await server.tell(method, `/data-gateway/v1/heartbeat/${id}`, { key: "" }))[1].message
    expect(await message("GET")).toBe("Heartbeat event ignored")
    expect(await message("POST")).toBe("Heartbeat event received")
    await server.update(id, { enabled: false })
    expect(await message("POST")).toBe("Heartbeat event ignored")
    expect(results(await server.events(id))).toEqual(["tick"])
  })

  it("has the last of several results", async () => {
    const { server, id } = await opened()
    await using _ = server
    await server.ask("GET", `/data-gateway/v1/heartbeat/${id}?result=tick&result=fail`)
    expect((await server.shown(id)).state).toBe("down")
  })

  it("must have a result that there is, a method and a heartbeat", async () => {
    const { server, id } = await opened()
    await using _ = server
    for (const result of ["explode", "TICK", "constructor", "tick%00"]) {
      expect([result, (await server.event(id, `?result=${result}`)).status]).toEqual([result, 422])
    }
    for (const other of ["07c2f548-9850-4b27-af5d-6c9dc157ec02", "x", "%00", `${id}0`]) {
      expect([other, (await server.event(other)).status]).toEqual([other, 404])
    }
    const answer = await server.ask("OPTIONS", `/data-gateway/v1/heartbeat/${id}`, { key: "" })
    expect([answer.status, answer.headers["allow"]]).toEqual([405, "GET, HEAD, POST, PUT, PATCH, DELETE"])
    expect((await server.event(id.toUpperCase(), "?result=&message=")).status).toBe(200)
    expect(await server.events(id)).toMatchObject([{ result: "tick", message: null }])
  })
})

describe("the history", () => {
  it("has how long runs took, with what failed them", async () => {
    const { server, id } = await opened({ interval: 3_600 })
    await using _ = server
    await server.event(id, "?result=fail")
    for (const result of ["complete", "fail", "tick"]) {
      await server.event(id, "?result=run")
      await server.advance(2.5)
      await server.event(id, `?result=${result}`)
    }
    const events = await server.events(id)
    expect(events.map(({ result, duration }) => [result, duration])).toEqual([
      ["tick", undefined],
      ["run", undefined],
      ["fail", 2.5],
      ["run", undefined],
      ["complete", 2.5],
      ["run", undefined],
      ["fail", undefined],
    ])
  })

  it("is cut at its limit, newest first, with what was missed between events", async () => {
    const { server, id } = await opened()
    await using _ = server
    for (let turn = 0; turn < 3; turn++) {
      await server.event(id)
      await server.advance(100)
    }
    const whole = await server.events(id)
    expect(results(whole)).toEqual(["missed", "tick", "missed", "tick", "missed", "tick"])
    expect(whole[2]).toEqual({ result: "missed", received_at: "2026-06-15T12:32:46.000Z", message: null })
    for (const limit of [1, 2, 3, 4]) {
      expect(await server.events(id, `?limit=${limit}`)).toEqual(whole.slice(0, limit))
    }
    for (const [index, { received_at: cursor }] of whole.entries()) {
      expect(await server.events(id, `?last_received_at=${cursor}`)).toEqual(whole.slice(0, index))
    }
  })

  it("finds events behind many that were ignored", async () => {
    const { server, id } = await opened({ interval: 86_400 })
    await using _ = server
    await server.event(id, "?message=first")
    await server.update(id, { enabled: false })
    for (let count = 0; count < 99; count++) await server.event(id)
    expect(await server.events(id, "?limit=1")).toMatchObject([{ message: "first" }])
    // The project keeps a hundred.
    await server.event(id)
    expect(await server.events(id)).toEqual([])
  })

  it("has pings of other dialects by what they mean", async () => {
    const { server, id } = await opened()
    await using _ = server
    for (const path of [id, `${id}/log`, `${id}/start`, id, `${id}/3`]) {
      await server.http.ask("GET", `/ping/${path}`, { key: "" })
    }
    expect(results(await server.events(id))).toEqual(["fail", "complete", "run", "tick"])
  })

  it("is not another project's", async () => {
    const { server, id } = await opened()
    await using _ = server
    for (const path of ["events", "statistic"]) {
      const asked = { key: keys.other }
      const [status] = await server.tell("GET", `/statistic-query/v1/heartbeat/${id}/${path}`, asked)
      expect([path, status]).toEqual([path, 404])
    }
  })
})
