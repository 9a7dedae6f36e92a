/** How reports are sent and kept, on a clock that a test moves: servers that fail in all ways, and queues that overflow. */
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import * as Folder from "../../../../test/kit/Folder.ts"
import type { HttpAnswer } from "@overdue/probes/HttpAnswer"
import * as Backlog from "@overdue/probes/agent/Backlog"
import * as Report from "@overdue/probes/agent/Report"
import * as Sender from "@overdue/probes/agent/Sender"

type Reply = HttpAnswer | Error

const answer = (
  status: number,
  text = '{"message":"ok","accepted":2,"ignored":0}',
  retryAfter?: string,
): HttpAnswer => ({
  status,
  text,
  retryAfter,
})
const ok = answer(200)
const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" })

interface World {
  readonly backlog: Backlog.Backlog
  readonly sender: Sender.Sender
  readonly posted: readonly string[]
  readonly said: readonly string[]
  /** Milliseconds between tries. */
  readonly waits: readonly number[]
  /** Resolves when nothing is left to send. */
  readonly idle: Promise<void>
  readonly add: (...reports: readonly string[]) => void
}

/** A sender whose server answers in turn; the last answer again and again until `idle`. Waits take no time. */
const world = (replies: readonly Reply[], { folder }: { readonly folder?: string } = {}): World => {
  const [posted, said, waits] = [[] as string[], [] as string[], [] as number[]]
  const say = (line: string) => void said.push(line)
  const backlog = Backlog.open({ folder, say })
  let now = 0
  let tell = (): void => {}
  const idle = new Promise<void>((resolve) => (tell = resolve))
  const sender = Sender.start({
    backlog,
    say,
    post: async (report) => {
      posted.push(report)
      const reply = replies[Math.min(posted.length, replies.length) - 1]!
      if (posted.length >= replies.length) setImmediate(tell)
      if (reply instanceof Error) throw reply
      return reply
    },
    clock: {
      now: () => now,
      wait: async (milliseconds, abort) => {
        if (abort.aborted) return
        waits.push(milliseconds)
        now += milliseconds
        await new Promise(setImmediate)
      },
      random: () => 1,
    },
  })
  const add = (...reports: readonly string[]) => {
    for (const report of reports) backlog.add(report)
    sender.wake()
  }
  return { backlog, sender, posted, said, waits, idle, add }
}

describe("a sender", () => {
  it("sends the oldest report first, each once", async () => {
    const { add, idle, posted, sender, said } = world([ok, ok, ok])
    add('"a"', '"b"', '"c"')
    await idle
    await sender.end()
    expect([posted, said]).toEqual([['"a"', '"b"', '"c"'], []])
  })

  it("rests after ten in a row", async () => {
    const { add, idle, sender, waits } = world(Array.from({ length: 25 }, () => ok))
    add(...Array.from({ length: 25 }, (_, n) => String(n)))
    await idle
    await sender.end()
    expect(waits.slice(0, 2)).toEqual([1000, 1000])
  })

  it("waits twice as long after each failure, a minute at most, and says once that the server is away and back", async () => {
    const { add, idle, posted, said, waits, sender } = world([
      ...Array.from({ length: 9 }, () => refused),
      ok,
      ok,
    ])
    add('"a"', '"b"')
    await idle
    await sender.end()
    expect(waits.slice(0, 9)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
    expect(posted).toEqual([...Array.from({ length: 10 }, () => '"a"'), '"b"'])
    expect(said).toEqual([
      "the server cannot be reached (ECONNREFUSED); reports are kept and sent when it is back",
      "the server takes reports again; 2 waited",
    ])
  })

  it.each([
    ["120", 132_000],
    ["86400", 3_960_000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 1000],
    ["soon", 1000],
  ])("obeys Retry-After: %s", async (header, wait) => {
    const { add, idle, waits, sender } = world([answer(429, "", header), ok])
    add('"a"')
    await idle
    await sender.end()
    expect(waits[0]).toBeCloseTo(wait)
  })

  it.each([401, 403, 404])(
    "goes on trying at %i, and says what to do once a minute at most",
    async (status) => {
      const { add, idle, said, waits, sender, posted } = world([
        ...Array.from({ length: 12 }, () => answer(status)),
        ok,
      ])
      add('"a"')
      await idle
      await sender.end()
      const minutes = waits.slice(0, 12).reduce((sum, wait) => sum + wait, 0) / 60_000
      expect(said.filter((line) => line.includes(`(${status})`)).length).toBeLessThanOrEqual(minutes + 1)
      expect(said.filter((line) => line.includes(`(${status})`)).length).toBeGreaterThan(3)
      expect(said[0]).toMatch(status === 404 ? /--monitor/ : /OVERDUE_API_KEY/)
      expect(posted).toHaveLength(13)
    },
  )

  it.each([400, 413, 422])(
    "drops a report that is answered with %i, says why, and goes on",
    async (status) => {
      const { add, idle, said, posted, sender } = world([
        answer(status, '{"message":"The type \\u001b[31mx is unknown."}'),
        ok,
      ])
      add('"a"', '"b"')
      await idle
      await sender.end()
      expect(posted).toEqual(['"a"', '"b"'])
      expect(said).toEqual([
        `the server refuses a report (${status}): The type  [31mx is unknown.; it is dropped`,
      ])
    },
  )

  it("says the same of refused reports once a minute at most, and how many there were meanwhile", async () => {
    const { add, idle, said, posted, sender } = world([
      ...Array.from({ length: 700 }, () => answer(422, '{"message":"no"}')),
      ok,
    ])
    add(...Array.from({ length: 701 }, (_, n) => String(n)))
    await idle
    await sender.end()
    expect(posted).toHaveLength(701)
    // After ten reports there is a second of rest.
    expect(said).toEqual([
      "the server refuses a report (422): no; it is dropped",
      "the server refuses a report (422): no; it is dropped, as were 599 before it",
    ])
  })

  it.each([
    ["a page of HTML", answer(200, "<html>log in</html>")],
    ["JSON of something else", answer(200, '{"ok":true}')],
    ["nothing", answer(204, "")],
    ["an error of its own", answer(500)],
    ["an error of a proxy", answer(502, "<html>")],
    ["a redirect that leads nowhere", answer(302)],
    ["a silence", Object.assign(new Error("slow"), { name: "TimeoutError" })],
  ])("keeps the report when the server answers with %s", async (_, reply) => {
    const { add, idle, posted, sender } = world([reply, reply, ok])
    add('"a"')
    await idle
    await sender.end()
    expect(posted).toEqual(['"a"', '"a"', '"a"'])
  })

  it("says once what the server does not keep, and again when that is something else", async () => {
    const none = answer(200, '{"message":"without x (list)","accepted":7,"ignored":1}')
    const off = answer(200, '{"message":"disabled","accepted":0,"ignored":8}')
    const { add, idle, said, sender } = world([none, none, ok, none, off])
    add('"a"', '"b"', '"c"', '"d"', '"e"')
    await idle
    await sender.end()
    expect(said).toEqual([
      "the server does not keep all metrics: without x (list)",
      "the server does not keep all metrics: disabled",
    ])
  })

  it("does not take out another report than it sent, when room was made of that meanwhile", async () => {
    const said: string[] = []
    const backlog = Backlog.open({
      folder: undefined,
      say: (line) => said.push(line),
      bounds: { memory: 6, spool: 6 },
    })
    backlog.add('"a"')
    backlog.add('"b"')
    const sent = backlog.first()!
    backlog.add('"c"')
    backlog.done(sent)
    expect(backlog.first()?.text).toBe('"b"')
    expect(said).toEqual(["too many reports wait: the oldest are dropped, 1 so far"])
  })
})

describe("the spool", () => {
  it("keeps reports over a restart, in their order, for this user alone", () => {
    using folder = Folder.make("agent")
    const terms = { folder: folder.path, say: () => {} }
    const before = Backlog.open(terms)
    for (const text of ['"a"', '"b"', '"c"']) before.add(text)
    expect(before.keep()).toBe(0)
    before.done(before.first()!)
    for (const name of readdirSync(folder.path)) expect(statSync(folder.file(name)).mode & 0o777).toBe(0o600)
    const after = Backlog.open(terms)
    after.add('"d"')
    after.keep()
    const texts: string[] = []
    for (let report = after.first(); report !== undefined; report = after.first()) {
      texts.push(report.text)
      after.done(report)
    }
    expect(texts).toEqual(['"b"', '"c"', '"d"'])
    expect(readdirSync(folder.path)).toEqual([])
  })

  it("is bounded: the oldest reports are dropped, and that is said", () => {
    using folder = Folder.make("agent")
    const said: string[] = []
    const bounds = { memory: 100, spool: 9 }
    const backlog = Backlog.open({ folder: folder.path, say: (line) => said.push(line), bounds })
    for (const text of ['"a"', '"b"', '"c"', '"d"', '"e"']) backlog.add(text)
    backlog.keep()
    expect(backlog.first()?.text).toBe('"c"')
    expect(readdirSync(folder.path)).toHaveLength(3)
    expect(said).toEqual(["too many reports wait: the oldest are dropped, 2 so far"])
  })

  it("leaves out what is damaged, and says so", () => {
    using folder = Folder.make("agent")
    writeFileSync(folder.file("000000000001.json"), "")
    writeFileSync(folder.file("000000000002.json"), '"b"')
    writeFileSync(folder.file("notes.txt"), "mine")
    const said: string[] = []
    const backlog = Backlog.open({ folder: folder.path, say: (line) => said.push(line) })
    expect(backlog.first()?.text).toBe('"b"')
    expect(said).toEqual(["000000000001.json of the spool is damaged, and is left out"])
    expect(readdirSync(folder.path).toSorted()).toEqual(["000000000002.json", "notes.txt"])
  })

  it("that cannot be written leaves reports in memory, and says so once", async () => {
    using folder = Folder.make("agent")
    const { add, idle, posted, said, sender } = world([refused, refused, ok], { folder: folder.path })
    rmSync(folder.path, { recursive: true })
    add('"a"')
    await idle
    await sender.end()
    expect(posted).toEqual(['"a"', '"a"', '"a"'])
    expect(said.filter((line) => line.startsWith("reports cannot be kept in the spool"))).toHaveLength(1)
  })
})

describe("a report", () => {
  it("that is longer than the server takes loses its longest metric, and no other", () => {
    const value = Object.fromEntries(
      Array.from({ length: 100 }, (_, n) => [`/${"é".repeat(500)}${n}`, { used: 1, total: 2, percent: 50 }]),
    )
    const report = Report.text(new Date(0), [
      { type: "memory-usage", value: 1 },
      { type: "disk-usage-unified", value },
    ])
    expect(JSON.parse(report)).toEqual({
      received_at: "1970-01-01T00:00:00.000Z",
      metrics: [{ type: "memory-usage", value: 1 }],
    })
  })
})
