/** The prober beside an engine: what becomes of checks that are changed, paused and deleted while they are asked. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import type * as Probe from "@overdue/core/Probe"
import * as Monitor from "@overdue/engine/Monitor"
import * as LocalProber from "@overdue/probes/LocalProber"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Receiver from "../../../test/kit/Receiver.ts"

const bad = { ok: false, reason: "status 503", statusCode: 503, timings: { whole: 1 } } as const

type Answer = Omit<Probe.Result, "region">

/** A prober that is answered when a test says so, and a monitor beside it. */
const open = async () => {
  const asked: { readonly url: string; readonly answer: (answer: Answer) => void }[] = []
  let came = Promise.withResolvers<void>()
  const ask = ({ url }: Probe.Probe) =>
    Effect.callback<Answer>((resume) => {
      asked.push({ url, answer: (answer) => resume(Effect.succeed(answer)) })
      came.resolve()
    })
  const failures: string[] = []
  const onFailure = (what: string) => Effect.sync(() => void failures.push(what))
  const monitor = await Monitor.make({ probes: LocalProber.layer({ ask, every: 5, onFailure }) })
  const next = async () => {
    while (asked.length === 0) {
      await came.promise
      came = Promise.withResolvers()
    }
    return asked.shift()!
  }
  return { monitor, next, failures }
}

/** Prints the modules of this package that are loaded for a prober beside an engine. */
const program = `
  import { registerHooks } from "node:module"
  const loaded = []
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
  await import("@overdue/probes/LocalProber")
  console.log(JSON.stringify(loaded))
`

describe("a prober whose thread asks", () => {
  it("loads nothing in its own thread of what asks", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
      cwd: new URL("../../../test", import.meta.url).pathname,
    })
    const loaded: readonly string[] = JSON.parse(stdout)
    const own = loaded.flatMap((url) => /\/probes\/src\/(.*)\.ts$/.exec(url)?.[1] ?? [])
    expect(own.toSorted()).toEqual(["AskerThread", "Asking", "Limits", "LocalProber", "Prober"])
  })
})

describe("a check that is asked", () => {
  it("is as its target answers, also when it is asked in a thread", async () => {
    await using receiver = await Receiver.listen({ status: 503 })
    await using monitor = await Monitor.make({
      probes: LocalProber.layer({ allowPrivateTargets: true, every: 5 }),
    })
    const check = await monitor.ensure({ slug: "a", probe: receiver.url })
    await expect.poll(() => monitor.status(check.id), { timeout: 20_000 }).toBe("down")
    const [ping] = await monitor.pings(check.id)
    expect(ping?.kind).toBe("fail")
    expect(JSON.stringify(await monitor.pings(check.id))).toContain("status 503")
  })

  it("and is paused, deleted or pointed elsewhere meanwhile, hears nothing of the answer", async () => {
    const { monitor, next, failures } = await open()
    await using _monitor = monitor
    const paused = await monitor.ensure({ slug: "paused", probe: "http://paused.example" })
    const first = await next()
    await monitor.pause(paused.id)
    first.answer(bad)
    const gone = await monitor.ensure({ slug: "gone", probe: "http://gone.example" })
    const second = await next()
    await monitor.delete(gone.id)
    second.answer(bad)
    const asked = await monitor.ensure({ slug: "asked", probe: "http://asked.example" })
    const third = await next()
    expect(third.url).toBe("http://asked.example")
    third.answer(bad)
    await expect.poll(() => monitor.status(asked.id), { timeout: 20_000 }).toBe("down")
    expect(await monitor.status(paused.id)).toBe("paused")
    expect((await monitor.checks()).map(({ details }) => details.slug).sort()).toEqual(["asked", "paused"])
    expect(failures).toEqual([])
  })

  it("is asked at once when it is resumed, or when its target is changed", async () => {
    const { monitor, next } = await open()
    await using _monitor = monitor
    const check = await monitor.ensure({ slug: "a", probe: "http://a.example" })
    ;(await next()).answer(bad)
    await expect.poll(() => monitor.status(check.id), { timeout: 20_000 }).toBe("down")
    await monitor.pause(check.id)
    await monitor.resume(check.id)
    expect((await next()).url).toBe("http://a.example")
    await monitor.update(check.id, { probe: "http://b.example" })
    expect((await next()).url).toBe("http://b.example")
  })
})
