import * as Store from "@overdue/core/Store"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Monitor from "@overdue/engine/Monitor"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describe, expect, it } from "vitest"

/** A store in memory, and a switch that lets its units of work fail, or never end. */
const faulty = () => {
  const state: { is: "well" | Store.StoreError["reason"] | "silent" } = { is: "well" }
  const layer = Layer.effect(
    Store.Store,
    Effect.map(Store.Store, (store) => ({
      ...store,
      transact: (selection, decide) =>
        Effect.suspend(() => {
          if (state.is === "well") return store.transact(selection, decide)
          if (state.is === "silent") return Effect.never
          return Effect.fail(new Store.StoreError({ reason: state.is, detail: `the store is ${state.is}` }))
        }),
    })),
  ).pipe(Layer.provide(MemoryStore.layer))
  return { state, layer }
}

/** A monitor over a faulty store, with a check; and what it was told of. */
const opened = async () => {
  const { state, layer } = faulty()
  const told: Monitor.Trouble[] = []
  const alerts: string[] = []
  const monitor = await Monitor.make({
    store: layer,
    onTrouble: (trouble) => told.push(trouble),
    onAlert: ({ status }) => void alerts.push(status),
  })
  const { id } = await monitor.ensure({ slug: "job" })
  const kinds = async () => (await monitor.pings(id)).map(({ kind }) => kind).toReversed()
  return { monitor, id, state, told, alerts, kinds, [Symbol.asyncDispose]: () => monitor.close() }
}

const boom = new TypeError("the job's own")

describe("a job that is wrapped, while the store cannot write,", () => {
  it("runs, and its result is its own", async () => {
    await using world = await opened()
    world.state.is = "full"
    expect(await world.monitor.wrap(world.id, () => 42)).toBe(42)
    expect(world.told.map(({ kind, isKept }) => [kind, isKept])).toEqual([
      ["start", true],
      ["success", true],
    ])
    expect(world.told[0]?.error).toBeInstanceOf(Store.StoreError)
  })

  it("gives its own error", async () => {
    await using world = await opened()
    world.state.is = "unavailable"
    const job = () => Promise.reject(boom)
    await expect(world.monitor.wrap(world.id, job)).rejects.toBe(boom)
  })

  it.each([undefined, null, 0, "", false, Symbol("s"), Object.create(null)])(
    "that throws %s, at once or later, rejects with just that",
    async (thrown) => {
      await using world = await opened()
      world.state.is = "failed"
      const caught = (job: () => Promise<never>) =>
        world.monitor.wrap(world.id, job).then(
          () => "none",
          (error: unknown) => ({ error }),
        )
      expect(await caught(() => Promise.reject(thrown))).toEqual({ error: thrown })
      expect(
        await caught(() => {
          throw thrown
        }),
      ).toEqual({ error: thrown })
    },
  )

  it("stores its end once the store is well, with the time at which it happened, and no start after it", async () => {
    await using world = await opened()
    world.state.is = "full"
    await world.monitor.wrap(world.id, () => 1)
    await world.monitor.wrap(world.id, () => Promise.reject(boom)).catch(() => {})
    world.state.is = "well"
    await expect.poll(world.kinds, { timeout: 5000 }).toEqual(["success", "fail"])
    const { n } = (await world.monitor.pings(world.id))[0]!
    expect(n).toBe(2)
    const store = await world.monitor.runtime.runPromise(Store.Store)
    const ping = await Effect.runPromise(store.ping(world.id, 2))
    const body = new TextDecoder().decode(ping?.body)
    expect(body).toMatch(/^sent late: this happened \d{4}-\S+Z\n\nTypeError: the job's own\n/)
  })

  it("is not held up by it", async () => {
    await using world = await opened()
    world.state.is = "silent"
    const ran = Promise.withResolvers<void>()
    const wrapped = world.monitor.wrap(world.id, () => ran.resolve())
    await ran.promise
    world.state.is = "well"
    // The start still hangs, so the end waits for it: only the wrap does, not the job.
    await expect(Promise.race([wrapped, Promise.resolve("under way")])).resolves.toBe("under way")
  }, 30_000)
})

describe("a job whose success cannot be stored for a moment", () => {
  it("is no failure: nobody is alarmed, and it is stored later", async () => {
    await using world = await opened()
    const { monitor, id } = world
    const success = monitor.success.bind(monitor)
    let isFirst = true
    monitor.success = (check, options) => {
      if (!isFirst) return success(check, options)
      isFirst = false
      return Promise.reject(new Error("store busy"))
    }
    expect(await monitor.wrap(id, () => "all went well")).toBe("all went well")
    await expect.poll(world.kinds, { timeout: 5000 }).toEqual(["start", "success"])
    expect(await monitor.status(id)).toBe("up")
    expect(world.alerts).toEqual([])
    expect(world.told).toMatchObject([{ check: id, kind: "success", isKept: true }])
  })

  it("that was committed all the same is one success", async () => {
    await using world = await opened()
    const { monitor, id } = world
    const success = monitor.success.bind(monitor)
    monitor.success = async (check, options) => {
      monitor.success = success
      await success(check, options)
      throw new Store.StoreError({ reason: "unknown-outcome", detail: "the connection broke" })
    }
    await monitor.wrap(id, () => 1)
    await monitor.close()
    expect(world.told.map(({ isKept }) => isKept)).toEqual([true])
  })
})

describe("a job of a check that", () => {
  it.each(["00000000-0000-4000-8000-000000000000", "no id", ""])(
    "does not exist (%j) runs, and each signal is told as lost",
    async (id) => {
      await using world = await opened()
      expect(await world.monitor.wrap(id, () => 42)).toBe(42)
      expect(
        world.told.map(({ kind, isKept, error }) => [kind, isKept, (error as { _tag: string })._tag]),
      ).toEqual([
        ["start", false, "CheckNotFound"],
        ["success", false, "CheckNotFound"],
      ])
    },
  )

  it("is deleted during the run gives its result", async () => {
    await using world = await opened()
    const { monitor, id } = world
    const result = await monitor.wrap(id, async () => {
      await monitor.delete(id)
      return "done"
    })
    expect(result).toBe("done")
    expect(world.told.at(-1)).toMatchObject({ kind: "success", isKept: false })
  })
})

describe("a signal that the store will never take", () => {
  it("is told as lost, and holds up no other", async () => {
    await using world = await opened()
    const { monitor, id, told, state } = world
    state.is = "constraint"
    await monitor.wrap(id, () => 1)
    expect(told.map(({ isKept }) => isKept)).toEqual([false, false])
    state.is = "well"
    await monitor.wrap(id, () => 2)
    expect(await world.kinds()).toEqual(["start", "success"])
  })
})

describe("wrapped jobs", () => {
  it("may be nested", async () => {
    await using world = await opened()
    const { monitor, id } = world
    expect(await monitor.wrap(id, () => monitor.wrap(id, () => "inner"))).toBe("inner")
    expect(await world.kinds()).toEqual(["start", "start", "success", "success"])
  })

  it("have a run id each, by which the ends of those that overlap are told apart", async () => {
    await using world = await opened()
    const { monitor, id } = world
    await monitor.wrap(id, () => monitor.wrap(id, () => "inner"))
    const rids = (await monitor.pings(id)).map(({ rid }) => rid)
    expect(new Set(rids).size).toBe(2)
    const [lastEnd, firstEnd, secondStart, firstStart] = rids
    expect([firstStart, secondStart]).toEqual([lastEnd, firstEnd])
  })

  it("may close the monitor", async () => {
    const world = await opened()
    const result = await world.monitor.wrap(world.id, async () => {
      await world.monitor.close()
      return "closed"
    })
    expect(result).toBe("closed")
    expect(world.told).toMatchObject([{ kind: "success", isKept: false }])
  })

  it("may run by thousands, and each has its two signals", async () => {
    await using world = await opened()
    const { monitor, id } = world
    const numbers = Array.from({ length: 2000 }, (_, n) => n)
    expect(await Promise.all(numbers.map((n) => monitor.wrap(id, async () => n)))).toEqual(numbers)
    expect((await monitor.check(id)).state.pings).toBe(4000)
    expect(world.told).toEqual([])
  })

  it("by thousands without a store leave the newest thousand signals, and say which are lost", async () => {
    await using world = await opened()
    const { monitor, id } = world
    world.state.is = "unavailable"
    const numbers = Array.from({ length: 1200 }, (_, n) => n)
    for (const n of numbers) await monitor.wrap(id, () => n)
    expect(world.told.filter(({ isKept }) => !isKept)).toHaveLength(200)
    world.state.is = "well"
    await monitor.close()
    // Nothing more was lost.
    expect(world.told.filter(({ isKept }) => !isKept)).toHaveLength(200)
  })

  it("are not disturbed by a report of trouble that throws", async () => {
    const { state, layer } = faulty()
    await using monitor = await Monitor.make({ store: layer })
    const { id } = await monitor.ensure({ slug: "job" })
    state.is = "full"
    const onTrouble = () => {
      throw new Error("in the report")
    }
    expect(await monitor.wrap(id, () => 42, { onTrouble })).toBe(42)
  })
})

describe("a report of trouble that is asynchronous", () => {
  it.each(["Monitor.make", "wrap"])("may reject in %s, which nobody hears of", async (place) => {
    const unhandled: unknown[] = []
    const hear = (reason: unknown) => unhandled.push(reason)
    process.on("unhandledRejection", hear)
    const { state, layer } = faulty()
    const options = { onTrouble: () => Promise.reject(new Error("in the report")) }
    await using monitor = await Monitor.make({ store: layer, ...(place === "Monitor.make" && options) })
    const { id } = await monitor.ensure({ slug: "job" })
    state.is = "full"
    expect(await monitor.wrap(id, () => 42, place === "wrap" ? options : {})).toBe(42)
    // Node tells of rejections when the microtasks are done.
    await new Promise(setImmediate)
    process.off("unhandledRejection", hear)
    expect(unhandled).toEqual([])
  })

  it("may never end, and holds up nothing", async () => {
    const { state, layer } = faulty()
    await using monitor = await Monitor.make({ store: layer, onTrouble: () => new Promise(() => {}) })
    const { id } = await monitor.ensure({ slug: "job" })
    state.is = "full"
    expect(await monitor.wrap(id, () => 42)).toBe(42)
  })
})

describe("signals that wait when the monitor is closed", () => {
  it("are tried once more", async () => {
    const world = await opened()
    const stored: string[] = []
    const success = world.monitor.success.bind(world.monitor)
    world.monitor.success = async (id, options) => {
      const receipt = await success(id, options)
      stored.push(receipt.kind)
      return receipt
    }
    world.state.is = "full"
    await world.monitor.wrap(world.id, () => 1)
    world.state.is = "well"
    await world.monitor.close()
    expect(stored).toEqual(["success"])
    expect(world.told.every(({ isKept }) => isKept)).toBe(true)
  })

  it("are told as lost when that does not help", async () => {
    const world = await opened()
    world.state.is = "full"
    await world.monitor.wrap(world.id, () => 1)
    await world.monitor.close()
    expect(world.told.at(-1)).toMatchObject({ kind: "success", isKept: false, error: { reason: "full" } })
  })
})
