/** The statistic of a heartbeat, as clients ask for it. */
import { describe, expect, it } from "vitest"
import { PinghomeHost } from "./PinghomeHost.ts"

/** Nothing about it lies on the edge of a bucket. */
const start = Date.UTC(2026, 5, 15, 12, 30)

const opened = async (given: Readonly<Record<string, unknown>> = {}) => {
  const server = await PinghomeHost.open({ start })
  return { server, id: await server.heartbeat(await server.service(), { interval: 600, ...given }) }
}

const counts = (data: readonly Record<string, number>[]) =>
  data.map(({ tick_count, complete_count, fail_count, run_count }) => [
    tick_count,
    complete_count,
    fail_count,
    run_count,
  ])

describe("a statistic", () => {
  it("has a bucket for each hour since the creation, and counts what was expected, kept, missed and received", async () => {
    const { server, id } = await opened()
    await using _ = server
    await server.event(id)
    await server.advance(600)
    await server.event(id, "?result=run")
    await server.event(id, "?result=complete")
    await server.advance(600)
    await server.event(id)
    await server.event(id, "?result=fail")
    await server.advance(1_800)
    const data = await server.statistic(id, "?interval=1h")
    expect(data.map(({ received_at: at }) => at)).toEqual([
      "2026-06-15T12:00:00.000Z",
      "2026-06-15T13:00:00.000Z",
    ])
    // The third window, which failed, ends at 13:00 sharp: that instant is of the second hour.
    expect(counts(data)).toEqual([
      [2, 2, 0, 5],
      [3, 0, 3, 0],
    ])
  })

  it("leaves out the time in which the heartbeat is disabled, and events that are ignored", async () => {
    const { server, id } = await opened()
    await using _ = server
    await server.event(id)
    await server.advance(300)
    await server.update(id, { enabled: false })
    await server.event(id)
    await server.advance(36_000)
    await server.update(id, { enabled: true })
    await server.advance(299)
    expect(counts(await server.statistic(id, "?interval=30d"))).toEqual([[0, 0, 0, 1]])
    await server.advance(1)
    expect(counts(await server.statistic(id, "?interval=30d"))).toEqual([[1, 1, 0, 1]])
  })

  it("is of 30 buckets of a day, unless something else is asked for, and never of the time before or after", async () => {
    const { server, id } = await opened()
    await using _ = server
    expect(await server.statistic(id)).toHaveLength(1)
    await server.advance(100 * 86_400)
    const days = await server.statistic(id)
    expect([days.length, days.at(-1)?.received_at]).toEqual([30, "2026-09-23T00:00:00.000Z"])
    const until = await server.statistic(id, "?interval=1d&end_date=2026-06-17T00:00:00Z")
    expect(until.map(({ received_at: at }) => at.slice(0, 10))).toEqual([
      "2026-06-15",
      "2026-06-16",
      "2026-06-17",
    ])
    const within = "interval=3d&start_date=2026-06-20T10:00:00Z&end_date=2026-06-20T11:00:00Z"
    expect(await server.statistic(id, `?${within}`)).toHaveLength(1)
    const beyond = "interval=7d&start_date=2026-09-15&end_date=2030-01-01"
    expect((await server.statistic(id, `?${beyond}`)).at(-1)?.received_at).toBe("2026-09-17T00:00:00.000Z")
    for (const dates of ["start_date=2030-01-01", "end_date=2022-04-03T22:04:00Z"]) {
      expect([dates, await server.statistic(id, `?${dates}`)]).toEqual([dates, []])
    }
  })

  it("takes dates with any offset, also where the plus sign was not encoded", async () => {
    const { server, id } = await opened()
    await using _ = server
    await server.advance(7_200)
    // 14:10 in UTC.
    for (const date of ["2026-06-15T16:10:00%2B02:00", "2026-06-15T16:10:00+02:00", "2026-06-15T14:10Z"]) {
      const data = await server.statistic(id, `?interval=1h&start_date=${date}`)
      expect([date, data.map(({ received_at: at }) => at)]).toEqual([date, ["2026-06-15T14:00:00.000Z"]])
    }
  })

  it("has the newest of more buckets than anybody looks at", async () => {
    const { server, id } = await opened()
    await using _ = server
    await server.advance(60 * 86_400)
    for (const from of ["1970-01-01T00:00:00Z", "2026-06-01T00:00:00Z"]) {
      const data = await server.statistic(id, `?interval=1h&start_date=${from}`)
      expect([data.length, data.at(-1).received_at]).toEqual([1000, "2026-08-14T12:00:00.000Z"])
    }
  })

  it("refuses dates that are none or in the wrong order", async () => {
    const { server, id } = await opened()
    await using _ = server
    await server.advance(60 * 86_400)
    const refused = async (query: string) => {
      const path = `/statistic-query/v1/heartbeat/${id}/statistic?${query}`
      const [status, { errors }] = await server.tell("GET", path)
      return [status, errors?.map(({ field }: { readonly field: string }) => field)]
    }
    expect(await refused("start_date=2026-07-02&end_date=2026-07-01")).toEqual([422, ["start_date"]])
    expect(await refused("start_date=2026-02-30&end_date=yesterday")).toEqual([
      422,
      ["start_date", "end_date"],
    ])
    expect(await refused("interval=1w")).toEqual([422, ["interval"]])
    // The same hours of a shorter life are few.
    expect(
      await server.statistic(
        await server.heartbeat(await server.service()),
        "?interval=1h&start_date=2000-01-01",
      ),
    ).toHaveLength(1)
  })
})
