/** A check that is asked: what rounds of results make of it, compared with rules that are written down naively. */
import * as Check from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import * as Probe from "@overdue/core/Probe"
import * as Rounds from "@overdue/core/probe/Rounds"
import * as Turn from "@overdue/core/probe/Turn"
import * as Replay from "@overdue/core/Replay"
import * as Schedule from "@overdue/core/Schedule"
import * as Never from "@overdue/core/schedule/Never"
import { day, hour, minute, second, type Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { holds } from "./spec/Law.ts"

const start = Date.parse("2026-03-01T12:00:00Z")

const probed = (given: Partial<Probe.Probe> = {}, policy: Partial<Check.Policy> = {}): Check.Check =>
  Check.make({
    id: "00000000-0000-4000-8000-000000000001",
    project: "p",
    badgeKey: "b",
    createdAt: start,
    policy: {
      ...Check.healthchecksPolicy,
      schedule: Never.never,
      probe: Probe.make({ url: "https://example.org", ...given }),
      ...policy,
    },
  })

const result = (ok: boolean, region = ""): Probe.Result => ({
  region,
  ok,
  timings: { whole: 12.5 },
  statusCode: ok ? 200 : 503,
  ...(!ok && { reason: "status 503" }),
})

const report = (at: Instant, ...results: readonly Probe.Result[]): Machine.Event => ({
  type: "report",
  at,
  results,
})

const unjudged = (at: Instant, why: string, region = ""): Machine.Event => ({
  type: "report",
  at,
  results: [],
  unjudged: { region, why },
})

/** Applies reports of one region, each a minute after the other. */
const lived = (check: Check.Check, oks: readonly boolean[], from = start, every = minute) => {
  const flips: Flip[] = []
  const kinds: (string | undefined)[] = []
  for (const [index, ok] of oks.entries()) {
    const at = from + index * every
    const step = Machine.step(check, report(at, result(ok)), at)
    check = step.check
    flips.push(...step.flips)
    kinds.push(step.logged?.kind)
  }
  return { check, flips, kinds, to: flips.map(({ to }) => to) }
}

/** A round, and how long after the one before it came. */
interface Asked {
  readonly after: number
  readonly isBad: boolean
}

/** The rules as they are described, with plain minutes: there are no windows, and no prober ever stops. */
const naive = (rounds: readonly Asked[], grace: number, recovery: number) => {
  const flips: string[] = []
  let status = "new"
  let pending: number | undefined
  let now = start
  for (const { after, isBad } of rounds) {
    now += after
    const kind = isBad ? "down" : "up"
    if (isBad === (status === "down")) {
      pending = undefined
      if (status !== kind) flips.push(`${kind} at ${now}`)
      status = kind
      continue
    }
    pending ??= now
    if (now - pending < (isBad ? grace : recovery)) continue
    pending = undefined
    status = kind
    flips.push(`${kind} at ${now}`)
  }
  return { flips, status }
}

describe("a check that is asked", () => {
  holds(
    undefined,
    "goes down when every round has failed for its grace, and up when every round has succeeded for its recovery",
    fc.property(
      fc.array(
        fc.record({ after: fc.integer({ min: 1, max: 100 }).map((s) => s * second), isBad: fc.boolean() }),
        {
          maxLength: 40,
        },
      ),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
      (rounds, grace, recovery) => {
        let check = probed({ grace: grace * minute, recovery: recovery * minute })
        const flips: string[] = []
        let now = start
        for (const { after, isBad } of rounds) {
          now += after
          const step = Machine.step(check, report(now, result(!isBad)), now)
          check = step.check
          flips.push(...step.flips.map(({ to, at }) => `${to} at ${at}`))
        }
        expect({ flips, status: check.state.status }).toEqual(
          naive(rounds, grace * minute, recovery * minute),
        )
      },
    ),
    500,
  )

  holds(
    undefined,
    "changes nothing but its counters by what anybody signals",
    fc.property(
      fc.array(fc.boolean(), { maxLength: 4 }),
      fc.array(fc.constantFrom("success" as const, "fail" as const, "start" as const, "cancel" as const), {
        minLength: 1,
        maxLength: 6,
      }),
      (oks, types) => {
        const { check } = lived(probed(), oks)
        let after = check
        for (const [index, type] of types.entries()) {
          const step = Machine.step(after, { type, rid: undefined }, start + hour + index)
          expect([step.logged?.kind, step.flips, step.tells]).toEqual(["ignored", [], []])
          after = step.check
        }
        const counted = { ...check.state, pings: check.state.pings + types.length }
        expect(after.state).toEqual(counted)
      },
    ),
    200,
  )

  holds(
    undefined,
    "stays as it was after attempts that say nothing of the target, and remembers why until there is a result",
    fc.property(
      fc.array(fc.constantFrom("good", "bad", "nothing"), { maxLength: 30 }),
      fc.integer({ min: 0, max: 3 }),
      (attempts, grace) => {
        let [check, told] = [probed({ grace: grace * minute }), probed({ grace: grace * minute })]
        for (const [index, attempt] of attempts.entries()) {
          const at = start + index * minute
          if (attempt === "nothing") {
            const step = Machine.step(check, unjudged(at, "No way."), at)
            expect([step.flips, step.logged, step.check.state.status]).toEqual([
              [],
              undefined,
              check.state.status,
            ])
            expect(step.check.state.probing?.unjudged).toEqual({ at, region: "", why: "No way." })
            check = step.check
            continue
          }
          const heard = report(at, result(attempt === "good"))
          ;[check, told] = [Machine.step(check, heard, at).check, Machine.step(told, heard, at).check]
          expect(check).toEqual(told)
          expect(check.state.probing?.unjudged).toBeUndefined()
        }
      },
    ),
    500,
  )

  it("remembers of which of its regions nothing can be said, and nothing that comes late", () => {
    const regions = ["eu", "us"]
    let { check } = { check: probed({ regions }) }
    const heard = (event: Machine.Event, at: Instant) => {
      check = Machine.step(check, event, at).check
      return check.state.probing?.unjudged?.why
    }
    expect(heard(unjudged(start, "No way.", "us"), start)).toBe("No way.")
    expect(heard(report(start, result(true, "eu")), start)).toBe("No way.")
    expect(heard(report(start + minute, result(true, "us")), start + minute)).toBeUndefined()
    expect(heard(unjudged(start, "Late.", "us"), start + minute)).toBe("Late.")
    expect(heard(report(start + minute, result(true, "eu")), start + minute)).toBe("Late.")
    expect(heard(unjudged(start + minute / 2, "Too late.", "eu"), start + minute)).toBe("Late.")
  })

  it("is down at once without a grace, and says by which result", () => {
    const { flips, kinds, check } = lived(probed(), [true, false, false, true])
    expect(kinds).toEqual(["success", "fail", "fail", "success"])
    expect(flips.map(({ to, result }) => [to, result])).toEqual([
      ["up", { region: "", statusCode: 200 }],
      ["down", { region: "", statusCode: 503, reason: "status 503" }],
      ["up", { region: "", statusCode: 200 }],
    ])
    expect(check.state.pings).toBe(4)
  })

  it("has no deadline: a prober that stops leaves it as it is", () => {
    const { check } = lived(probed(), [true])
    expect(check.state.deadline).toBeUndefined()
    expect(Machine.settled(check, start + 400 * day).state.status).toBe("up")
  })

  it("counts no time in which nobody asked", () => {
    const { check } = lived(probed({ grace: 5 * minute }), [true, false])
    const late = lived(check, [false, false], start + 3 * hour)
    expect(late.kinds).toEqual(["log", "log"])
    expect(lived(late.check, [false, false, false, false], start + 3 * hour + 2 * minute).to).toEqual([
      "down",
    ])
  })

  it("counts no time in which nobody was awake", () => {
    const { check } = lived(probed({ grace: 2 * minute }), [true, false])
    const blind = [{ from: start + 70 * second, to: start + 110 * second }]
    const next = Machine.step(check, report(start + 3 * minute, result(false)), start + 3 * minute, blind)
    expect(next.logged?.kind).toBe("log")
    expect(
      Machine.step(check, report(start + 3 * minute, result(false)), start + 3 * minute).logged?.kind,
    ).toBe("fail")
  })

  const window = {
    schedule: Result.getOrThrow(Schedule.parse("10 12 * * *", Zone.utc)),
    duration: 5 * minute,
  }

  it("hears nothing in a maintenance window, and begins to wait anew after it", () => {
    const made = probed({ grace: 2 * minute }, { quiet: [window] })
    const before = lived(made, [true, ...Array.from({ length: 9 }, (_, index) => index < 8)])
    expect(before.kinds.at(-1)).toBe("log")
    const within = lived(before.check, [false, false, true], start + 10 * minute)
    expect([within.kinds, within.to]).toEqual([[undefined, undefined, undefined], []])
    expect(within.check.state.pings).toBe(before.check.state.pings)
    const after = lived(within.check, [false, false, false], start + 15 * minute)
    expect(after.kinds).toEqual(["log", "log", "fail"])
  })

  it("hears nothing while it is paused, and is as new when it is resumed", () => {
    const { check } = lived(probed(), [true, false])
    const paused = Machine.step(check, { type: "pause" }, start + 2 * minute).check
    const heard = lived(paused, [true], start + 3 * minute)
    expect([heard.kinds, heard.check.state.status]).toEqual([[undefined], "paused"])
    const resumed = Machine.step(heard.check, { type: "resume" }, start + 4 * minute).check
    expect(resumed.state.probing).toBeUndefined()
    expect(lived(resumed, [false], start + 5 * minute).to).toEqual(["down"])
  })

  it("forgets what it was told when something else is asked, and not when it is asked more often", () => {
    const { check } = lived(probed({ grace: 5 * minute }), [true, false])
    const configured = (given: Partial<Probe.Probe>) =>
      Machine.step(
        check,
        { type: "configure", policy: probed({ grace: 5 * minute, ...given }).policy },
        start + 90 * second,
      ).check.state.probing
    expect(configured({ every: 30 * second })).toEqual(check.state.probing)
    expect(configured({ url: "https://example.com" })).toBeUndefined()
    expect(configured({ headers: { Accept: "text/plain" } })).toBeUndefined()
  })

  it("asks the same when its conditions are written with their members in another order", () => {
    const one = { of: "status", key: "", operator: "equal", values: ["200"] } as const
    const other = { values: ["200"], operator: "equal", key: "", of: "status" } as const
    const of = (condition: Probe.Condition) => probed({ conditions: [condition] }).policy.probe
    expect(Rounds.isSame(of(one), of(other))).toBe(true)
    expect(Rounds.isSame(of(one), of({ ...other, values: ["201"] }))).toBe(false)
  })

  it("takes no result for one of a probe that it has no more", () => {
    const check = Machine.step(
      probed(),
      { type: "configure", policy: { ...Check.healthchecksPolicy, schedule: Never.never } },
      start,
    ).check
    expect(lived(check, [false]).kinds).toEqual([undefined])
  })

  it("hears again when the clock was ahead, and is set back", () => {
    const ahead = lived(probed(), [true], start + 300 * day).check
    expect(lived(ahead, [false], start).to).toEqual(["down"])
  })

  it("replays to the same from its log", () => {
    let check = probed({ grace: 2 * minute, recovery: minute, regions: ["a", "b"] })
    const pings: Parameters<typeof Replay.ofPings>[0] extends Iterable<infer P> ? P[] : never = []
    const flips: Flip[] = []
    for (let index = 0; index < 40; index++) {
      const at = start + index * minute
      const [one, other] = [index % 7 > 3, index % 5 > 2]
      for (const event of [report(at, result(one, "a")), report(at, result(other, "b"))]) {
        const step = Machine.step(check, event, at)
        check = step.check
        flips.push(...step.flips)
        if (step.logged === undefined) continue
        const extension = Rounds.extensionOf(check.state.probing!.last!)
        pings.push({
          at,
          kind: step.logged.kind,
          rid: undefined,
          extension: JSON.parse(JSON.stringify(extension)),
        })
      }
    }
    expect(flips.length).toBeGreaterThan(4)
    const replayed = Replay.replay(check.policy, Replay.ofPings(pings), { createdAt: start })
    const plain = (all: readonly Flip[]) => all.map(({ at, to, result }) => ({ at, to, result }))
    expect(plain(replayed.flips)).toEqual(plain(flips))
  })
})

describe("a round of several regions", () => {
  const three = () => probed({ regions: ["a", "b", "c"] })
  const told = (check: Check.Check, at: Instant, given: Readonly<Record<string, boolean>>) => {
    const flips: Flip[] = []
    let logged = 0
    for (const [region, ok] of Object.entries(given)) {
      const step = Machine.step(check, report(at, result(ok, region)), at)
      check = step.check
      flips.push(...step.flips)
      if (step.logged !== undefined) logged += 1
    }
    return { check, to: flips.map(({ to }) => to), logged }
  }

  it("is one ping, once all have said something, whichever comes last", () => {
    const { check, to, logged } = told(three(), start, { c: true, a: true, b: true })
    expect([to, logged, check.state.pings]).toEqual([["up"], 1, 1])
    expect(check.state.probing?.last?.results.map(({ region }) => region)).toEqual(["a", "b", "c"])
  })

  it("is bad when most of them failed, and not when half of them did", () => {
    expect(told(three(), start, { a: false, b: true, c: true }).to).toEqual(["up"])
    expect(told(three(), start, { a: false, b: true, c: false }).to).toEqual(["down"])
    const two = probed({ regions: ["a", "b"] })
    expect(told(two, start, { a: false, b: true }).to).toEqual(["up"])
    expect(told(two, start, { a: false, b: false }).to).toEqual(["down"])
  })

  it("waits for one that has stopped in one round only, and for one that is there again from the next on", () => {
    let { check } = told(three(), start, { a: true, b: true, c: true })
    const without = told(check, start + minute, { a: false, b: false })
    expect(without.logged).toBe(0)
    const next = told(without.check, start + 2 * minute, { a: false, b: false })
    expect([next.logged, next.to]).toEqual([1, ["down"]])
    // It reports on a round that was told without it.
    const again = told(next.check, start + 2 * minute, { c: false })
    expect(again.logged).toBe(0)
    check = again.check
    expect(told(check, start + 3 * minute, { a: true, b: true }).logged).toBe(0)
    expect(told(check, start + 3 * minute, { a: true, b: true, c: true })).toMatchObject({
      logged: 1,
      to: ["up"],
    })
  })

  it("counts what a region says once, and nothing that comes too late", () => {
    const twice = told(three(), start, { a: false, b: false }).check
    const step = Machine.step(twice, report(start, result(true, "a"), result(true, "c")), start)
    expect(step.flips.map(({ to }) => to)).toEqual(["down"])
    const late = Machine.step(
      step.check,
      report(start - minute, result(true, "a"), result(true, "b"), result(true, "c")),
      start + 1,
    )
    expect([late.logged, late.check.state.status]).toEqual([undefined, "down"])
  })

  it("is one ping when all of it is handed in twice", () => {
    const once = told(three(), start, { a: true, b: true, c: true }).check
    const again = Machine.step(
      once,
      report(start, result(false, "a"), result(false, "b"), result(false, "c")),
      start + second,
    )
    expect([again.logged, again.check.state.status]).toEqual([undefined, "up"])
  })

  it("says what failed, a line for each region", () => {
    const { check } = told(three(), start, { a: false, b: true, c: false })
    expect(Rounds.failures(check.state.probing!.last!)).toBe(
      "a: status 503 (after 13 ms)\nc: status 503 (after 13 ms)",
    )
  })
})

describe("the grid of a check", () => {
  holds(
    undefined,
    "has rounds that lie `every` apart, names one alike whoever asks for it, and puts none nearer than half of that",
    fc.property(
      fc.uuid(),
      fc.integer({ min: 10, max: 86_400 }).map((seconds) => seconds * second),
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
      (id, every, now) => {
        const slot = Turn.slotAt(id, every, now)
        const next = Turn.next(id, every, now)
        expect(next - slot).toBe(every)
        expect(Math.abs(slot - now)).toBeLessThanOrEqual(every / 2 + 1)
        expect(next - now).toBeGreaterThanOrEqual(every / 2 - 1)
        expect(Turn.slotAt(id, every, next)).toBe(next)
      },
    ),
    500,
  )

  it("spreads checks over the time", () => {
    const quarters = [0, 0, 0, 0]
    for (let n = 0; n < 2_000; n++) {
      const id = `00000000-0000-7000-8000-0000${((n * 2_654_435_761) >>> 0).toString(16).padStart(8, "0")}`
      quarters[Math.floor((((Turn.slotAt(id, minute, start) % minute) + minute) % minute) / 15_000)]! += 1
    }
    expect(Math.min(...quarters)).toBeGreaterThan(400)
  })
})

describe("what expires", () => {
  const from = start + 30 * day
  const shown = (at: Instant, expires: Instant): Machine.Event =>
    report(at, {
      ...result(true),
      certificate: { host: "h", issuer: "i", subject: "s", validFrom: start, validTo: expires },
      registration: { domain: "d", expiresAt: expires + 3 * day },
    })
  /** Applies a round at each of some days before the certificate expires, and returns those on which was told. */
  const told = (days: readonly number[], check: Check.Check, expires = from) => {
    const on: number[] = []
    for (const left of days) {
      const step = Machine.step(check, shown(expires - left * day, expires), expires - left * day)
      check = step.check
      if (step.tells.some(({ occasion }) => occasion === "reminder")) on.push(left)
    }
    return { on, check }
  }
  const reminded = () => lived(probed({ remind: { certificate: [7, 1, 3] } }), [true]).check

  it("is told of once on each day that is asked for, and again of another date", () => {
    const { on, check } = told([20, 8, 7, 6.5, 6, 3.5, 3, 2, 1, 0.5, 0, -1], reminded())
    expect(on).toEqual([7, 3, 1])
    expect(told([20, 6, 5], check, from + 90 * day).on).toEqual([6])
  })

  it("is told of once when several days have passed", () => {
    expect(told([2, 1.5, 1], reminded()).on).toEqual([2, 1])
  })

  it("is not told of again when an earlier day is asked for, once it was told of a later one", () => {
    const { check } = told([7], reminded())
    const policy = probed({ remind: { certificate: [7, 30, 1] } }).policy
    const changed = Machine.step(check, { type: "configure", policy }, from - 6.9 * day).check
    expect(told([6.8, 6, 1], changed).on).toEqual([1])
  })

  it("is told of a domain as well, and of nothing that nobody asked for", () => {
    expect(told([5, 4, 3], lived(probed({ remind: { domain: [7] } }), [true]).check).on).toEqual([4])
    expect(told([5, 0], lived(probed(), [true]).check).on).toEqual([])
  })

  it("is not told of while the check is down or silenced, and then is", () => {
    const down = Machine.step(reminded(), report(from - 8 * day, result(false)), from - 8 * day).check
    expect(told([7.5, 7, 6.9], down).on).toEqual([7])
    const until = from - 5 * day
    const silent = Machine.step(reminded(), { type: "silence", until }, from - 9 * day).check
    expect(told([8, 7, 6, 5, 4], silent).on).toEqual([5])
  })
})
