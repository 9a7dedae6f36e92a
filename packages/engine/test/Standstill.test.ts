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

  it.effect("may still be reading for a second what came while it stood still, and no longer", () =>
    watched((machine, watch) => {
      watch.expect(200)
      machine.pass(5 * second, 1)
      const stood = watch.look(machine.now)
      machine.pass(Standstill.draining, 0.99)
      watch.expect(200)
      expect(watch.look(machine.now)).toEqual(stood)
      machine.pass(1, 1)
      expect(watch.look(machine.now)).toBeUndefined()
    }),
  )

  it.effect("and has not come to rest since, may be reading for as long as it stood still", () =>
    watched((machine, watch) => {
      watch.expect(200)
      machine.pass(5 * second, 0)
      const stood = watch.look(machine.now)
      machine.pass(5 * second, 1)
      expect(watch.look(machine.now)).toEqual(stood)
      machine.pass(1, 1)
      expect(watch.look(machine.now)).toBeUndefined()
    }),
  )

  it.effect("is done with what waited as soon as it comes to rest", () =>
    watched((machine, watch) => {
      watch.expect(200)
      machine.pass(5 * second, 0)
      const stood = watch.look(machine.now)
      machine.pass(4 * second, 1)
      expect(watch.look(machine.now)).toEqual(stood)
      machine.pass(1, 0)
      expect(watch.look(machine.now)).toBeUndefined()
    }),
  )

  it.effect("keeps alerts waiting for ten seconds at most, however long it stood still", () =>
    watched((machine, watch) => {
      watch.expect(200)
      machine.pass(3600 * second, 0)
      const stood = watch.look(machine.now)
      machine.pass(Standstill.drainingAtMost, 1)
      expect(watch.look(machine.now)).toEqual(stood)
      machine.pass(1, 1)
      expect(watch.look(machine.now)).toBeUndefined()
    }),
  )

  it.effect("in a runtime that does not tell of rest, reads for a second", () =>
    watched((machine, watch) => {
      machine.forgetIdle()
      watch.expect(200)
      machine.pass(5 * second, 0)
      const stood = watch.look(machine.now)
      machine.pass(Standstill.draining, 1)
      expect(watch.look(machine.now)).toEqual(stood)
      machine.pass(1, 1)
      expect(watch.look(machine.now)).toBeUndefined()
    }),
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
