/** Standstills of a process, as far as two looks of it tell. */
import { describe, expect, it } from "@effect/vitest"
import { second, type Instant, type Span } from "@overdue/core/Time"
import * as Standstill from "@overdue/engine/Standstill"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SetClock } from "../../../test/kit/SetClock.ts"

/** A clock and a processor that do what a test says. */
class Machine {
  readonly clock = new SetClock(1_000_000)
  readonly services = Standstill.layer.pipe(
    Layer.provide(Layer.succeed(SteadyClock.SteadyClock, this.clock)),
    Layer.provide(Layer.succeed(Standstill.ProcessorTime, () => this.#used)),
  )
  #used: Span = 0

  get now(): Instant {
    return this.clock.now
  }

  pass(span: Span, share: number): void {
    this.clock.now += span
    this.#used += span * share
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
      machine.pass(Standstill.draining, 1)
      watch.expect(200)
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
