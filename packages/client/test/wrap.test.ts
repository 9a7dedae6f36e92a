import { wrap } from "@overdue/client"
import { describe, expect, it } from "vitest"
import { listen, ok } from "../../../test/kit/Receiver.ts"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** 1.5 s pass between the first and the second look. */
const clock = (): (() => number) => {
  let looks = 0
  return () => 1500 * looks++
}

const impatient = { attempts: 1 }

describe("a job that succeeds", () => {
  it("is a start and a success with one rid and the duration", async () => {
    await using server = await listen()
    let told: string | undefined
    const result = await wrap(
      `${server.url}/x`,
      async (rid) => {
        told = rid
        return 42
      },
      { now: clock(), total: 1e9 },
    )
    expect(result).toBe(42)
    expect(told).toMatch(uuid)
    expect(server.received.map(({ url }) => url)).toEqual([`/x/start?rid=${told}`, `/x?rid=${told}`])
    expect(server.received[1]!.body).toMatch(/^finished in \d+(\.\d+)? s$/)
  })

  it("may be a plain function", async () => {
    await using server = await listen()
    expect(await wrap(server.url, () => "done")).toBe("done")
  })

  it("has another rid on each run", async () => {
    await using server = await listen()
    const rids = [await wrap(server.url, (rid) => rid), await wrap(server.url, (rid) => rid)]
    expect(new Set(rids).size).toBe(2)
  })
})

describe("a job that fails", () => {
  it.each([
    ["by a rejection", async () => Promise.reject(new Error("disk full"))],
    [
      "by throwing",
      () => {
        throw new Error("disk full")
      },
    ],
  ])("%s is a start and a fail with the error, and fails the same way", async (_, job) => {
    await using server = await listen()
    await expect(wrap(`${server.url}/x`, job)).rejects.toThrow("disk full")
    const [start, fail] = server.received
    expect(new URL(fail!.url, server.url).pathname).toBe("/x/fail")
    expect(new URL(fail!.url, server.url).search).toBe(new URL(start!.url, server.url).search)
    expect(fail!.body).toMatch(/^failed after \d+(\.\d+)? s\n\nError: disk full\n +at /)
  })

  it("may fail with anything", async () => {
    await using server = await listen()
    await expect(wrap(server.url, () => Promise.reject("no"))).rejects.toBe("no")
    expect(server.received[1]!.body).toMatch(/\n\nno$/)
  })

  it.each([
    ["an object without a prototype", Object.create(null)],
    [
      "an object that makes no text",
      {
        toString: () => {
          throw new Error("no text")
        },
      },
    ],
    [
      "an error without a stack",
      Object.defineProperty(new Error("mine"), "stack", {
        get: () => {
          throw new Error("no stack")
        },
      }),
    ],
    ["an error whose stack makes no text", Object.assign(new Error("mine"), { stack: Object.create(null) })],
  ])("fails with exactly what it threw, and is told, when that is %s", async (_, thrown) => {
    await using server = await listen()
    const caught = await wrap(`${server.url}/x`, () => Promise.reject(thrown)).then(
      () => expect.unreachable(),
      (error: unknown) => error,
    )
    expect(caught === thrown).toBe(true)
    expect(new URL(server.received[1]!.url, server.url).pathname).toBe("/x/fail")
    expect(server.received[1]!.body).toMatch(/^failed after \d+(\.\d+)? s$/)
  })
})

describe("a monitor that is away", () => {
  it("changes nothing for a job that succeeds", async () => {
    const server = await listen()
    await server.close()
    const errors: unknown[] = []
    const result = await wrap(server.url, () => 42, { ...impatient, onError: (error) => errors.push(error) })
    expect(result).toBe(42)
    expect(errors).toEqual([
      expect.objectContaining({ _tag: "Unreachable" }),
      expect.objectContaining({ _tag: "Unreachable" }),
    ])
  })

  it("changes nothing for a job that fails", async () => {
    const server = await listen()
    await server.close()
    const failure = wrap(server.url, () => Promise.reject(new Error("mine")), impatient)
    await expect(failure).rejects.toThrow("mine")
  })

  it("changes nothing when its own report throws", async () => {
    const onError = () => {
      throw new Error("in the report")
    }
    expect(await wrap("not a url", () => 42, { onError })).toBe(42)
  })
})

describe("a report of signals that is itself asynchronous", () => {
  it("may reject, which nobody hears of", async () => {
    const unhandled: unknown[] = []
    const hear = (reason: unknown) => unhandled.push(reason)
    process.on("unhandledRejection", hear)
    expect(await wrap("not a url", () => 42, { onError: () => Promise.reject(new Error("late")) })).toBe(42)
    // Node tells of rejections when the microtasks are done.
    await new Promise(setImmediate)
    process.off("unhandledRejection", hear)
    expect(unhandled).toEqual([])
  })

  it("may never end, and holds up nothing", async () => {
    expect(await wrap("not a url", () => 42, { onError: () => new Promise(() => {}) })).toBe(42)
  })
})

describe("the signals of a run", () => {
  it("do not hold up the job", async () => {
    const gate = Promise.withResolvers<void>()
    await using server = await listen(async (_, n) => {
      if (n === 0) await gate.promise
      return ok
    })
    const result = await wrap(server.url, () => {
      gate.resolve()
      return 42
    })
    expect(result).toBe(42)
  })

  it("arrive in order, even when the job is over first", async () => {
    const gate = Promise.withResolvers<void>()
    await using server = await listen(async (_, n) => {
      if (n === 0) await gate.promise
      return ok
    })
    const wrapped = wrap(`${server.url}/x`, () => queueMicrotask(gate.resolve))
    await wrapped
    expect(server.received.map(({ url }) => new URL(url, server.url).pathname)).toEqual(["/x/start", "/x"])
  })
})
