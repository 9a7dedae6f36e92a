/** Standstills of a process, as far as two looks of it tell. */
import { describe, expect, it } from "@effect/vitest"
import { second, type Instant, type Span } from "@overdue/core/Time"
import * as Standstill from "@overdue/engine/Standstill"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SetClock } from "../../../test/kit/SetClock.ts"

/** A clock, a processor and an event loop that do what a test says. */
class Machine {
  readonly clock = new SetClock(1_000_000)
  readonly services = Standstill.layer.pipe(
    Layer.provide(Layer.succeed(SteadyClock.SteadyClock, this.clock)),
    Layer.provide(Layer.succeed(Standstill.ProcessorTime, () => this.#used)),
    Layer.provide(Layer.succeed(Standstill.LoopIdle, () => this.#idle)),
  )
  #used: Span = 0
  #idle: Span | undefined = 0

  get now(): Instant {
    return this.clock.now
  }

  /** Lets time pass of which a share is work, and the rest waiting for more. */
  pass(span: Span, share: number): void {
    this.clock.now += span
    this.#used += span * share
    if (this.#idle !== undefined) this.#idle += span * (1 - share)
  }

  forgetIdle(): void {
    this.#idle = undefined
  }
}

const watched = (test: (machine: Machine, watch: Standstill.Standstill) => void) => {
  const machine = new Machine()
  return Effect.map(Standstill.Standstill, (watch) => test(machine, watch)).pipe(
    Effect.provide(machine.services),
  )
}

describe("a process that was to look again", () => {
  it.effect("in time, or a little late, did not stand still", () =>
    watched((machine, watch) => {
      for (const late of [0, 10, second]) {
        watch.expect(200)
        machine.pass(200 + late, 1)
        expect([watch.look(machine.now), watch.busy(), watch.news()]).toEqual([undefined, 0, undefined])
      }
    }),
  )

  it.effect("and used a processor meanwhile, was busy since its last look", () =>
    watched((machine, watch) => {
      watch.expect(200)
      const from = machine.now
      machine.pass(40 * second, 0.9)
      const stood = { from, to: machine.now, isBusy: true }
      expect([watch.look(machine.now), watch.busy(), watch.news(), watch.news()]).toEqual([
        stood,
        40 * second,
        stood,
        undefined,
      ])
    }),
  )

  it.effect("and used none, was not run", () =>
    watched((machine, watch) => {
      watch.expect(200)
      machine.pass(40 * second, 0)
      expect([watch.look(machine.now)?.isBusy, watch.busy()]).toEqual([false, 0])
    }),
  )

  /** It stood still for a span, reads for another what came meanwhile, and not in the millisecond after that. */
  const reads = (
    { stood, reading }: { readonly stood: Span; readonly reading: Span },
    shares: { readonly reading: number; readonly after: number } = { reading: 1, after: 1 },
    prepare: (machine: Machine) => void = () => {},
  ) =>
    watched((machine, watch) => {
      prepare(machine)
      watch.expect(200)
      machine.pass(stood, 0)
      const known = watch.look(machine.now)
      expect(known).toMatchObject({ to: machine.now })
      machine.pass(reading, shares.reading)
      watch.expect(200)
      expect(watch.look(machine.now)).toEqual(known)
      machine.pass(1, shares.after)
      expect(watch.look(machine.now)).toBeUndefined()
    })

  it.effect("may still be reading for a second what came while it stood still, and no longer", () =>
    reads({ stood: 5 * second, reading: Standstill.draining }, { reading: 0.99, after: 1 }),
  )

  it.effect("and has not come to rest since, may be reading for as long as it stood still", () =>
    reads({ stood: 5 * second, reading: 5 * second }),
  )

  it.effect("is done with what waited as soon as it comes to rest", () =>
    reads({ stood: 5 * second, reading: 4 * second }, { reading: 1, after: 0 }),
  )

  it.effect("keeps alerts waiting for ten seconds at most, however long it stood still", () =>
    reads({ stood: 3600 * second, reading: Standstill.drainingAtMost }),
  )

  it.effect("in a runtime that does not tell of rest, reads for a second", () =>
    reads({ stood: 5 * second, reading: Standstill.draining }, undefined, (machine) => machine.forgetIdle()),
  )

  it.effect("and is doing its work, is not watched", () =>
    watched((machine, watch) => {
      watch.expect(200)
      machine.pass(200, 1)
      watch.expect(undefined)
      machine.pass(60 * second, 0)
      expect(watch.look(machine.now)).toBeUndefined()
    }),
  )

  it.effect("while its clock was set, did not stand still for that", () =>
    watched((machine, watch) => {
      watch.expect(200)
      machine.clock.step(86_400 * second)
      machine.pass(200, 0)
      expect(watch.look(machine.now)).toBeUndefined()
    }),
  )
})

describe("a process whose store could not be written to", () => {
  const from = 1_000_000

  it.effect(
    "waits with deadlines for those whom it refused, as long as it did, when it turned its loop",
    () =>
      watched((machine, watch) => {
        watch.expect(200)
        machine.pass(5 * second, 1)
        expect([watch.look(machine.now), watch.news()]).toEqual([expect.anything(), expect.anything()])
        machine.pass(5 * second, 0)
        expect(watch.look(machine.now)).toBeUndefined()
        const [since, busy] = [machine.now, watch.busy()]
        watch.refused(since)
        machine.pass(2 * second, 0)
        watch.refused(machine.now)
        machine.pass(3 * second, 0)
        const known = { from: since, to: machine.now, isBusy: false }
        expect(watch.look(machine.now)).toEqual(known)
        watch.taken(machine.now)
        machine.pass(5 * second, 0)
        expect(watch.look(machine.now)).toEqual(known)
        machine.pass(1, 0)
        expect([watch.look(machine.now), watch.busy(), watch.news()]).toEqual([undefined, busy, undefined])
      }),
  )

  it.effect("waits for ten seconds at most once it takes signals again", () =>
    watched((machine, watch) => {
      watch.refused(from)
      machine.pass(25 * second, 0)
      watch.taken(machine.now)
      machine.pass(Standstill.drainingAtMost, 0)
      expect(watch.look(machine.now)?.from).toBe(from)
      machine.pass(1, 0)
      expect(watch.look(machine.now)).toBeUndefined()
    }),
  )

  it.effect(
    "puts no alert off that can be told while signals are refused for longer than half a minute",
    () =>
      watched((machine, watch) => {
        watch.refused(from)
        machine.pass(Standstill.refusingAtMost, 0)
        expect(watch.look(machine.now)?.from).toBe(from)
        machine.pass(1, 0)
        expect(watch.look(machine.now)).toBeUndefined()
      }),
  )

  it.effect("for a moment, and then took signals, has nothing to wait for", () =>
    watched((machine, watch) => {
      watch.refused(from)
      machine.pass(Standstill.tolerance, 0)
      watch.taken(machine.now)
      expect(watch.look(machine.now)).toBeUndefined()
    }),
  )
})
