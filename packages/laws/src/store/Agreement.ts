/** The law that every store answers the same as the memory store when it is given the same commands. */
import { Store } from "@overdue/core/Store"
import * as StorePort from "@overdue/core/Store"
import { hour } from "@overdue/core/Time"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Checks from "./Checks.ts"
import * as Command from "./Command.ts"
import * as Commands from "./Commands.ts"
import * as StoreFixture from "./StoreFixture.ts"

/** Sequences of commands that are tried. */
const usual = 60

/** Registers the law. `makeLayer` returns the layer of an empty store; `cases` are how many sequences of commands are tried. */
export const agreement = (makeLayer: () => Layer.Layer<Store, unknown>, cases: number = usual): void => {
  describe("given the same commands", () => {
    it("12. Every store, given the same commands, answers the same as the memory store.", async ({
      task,
    }) => {
      const commands = fc.commands(Commands.all.map(asCommand), { maxCommands: 80, size: "max" })
      await fc.assert(
        fc.asyncProperty(commands, (sequence) =>
          Effect.runPromise(Effect.scoped(compare(makeLayer(), sequence))),
        ),
        { numRuns: cases },
      )
      const sentence = task.name.replace("12. ", "")
      Object.assign(task.meta, { tried: { law: 12, sentence, cases } })
    })
  })
}

interface Model {
  readonly memory: StoreFixture.Stored
  now: number
}

type Command = fc.AsyncCommand<Model, StoreFixture.Stored>

/** A command of fast-check that fails when the two stores answer differently. */
const asCommand = (arbitrary: fc.Arbitrary<Command.Command>): fc.Arbitrary<Command> =>
  fc.record({ command: arbitrary, after: spans }).map(({ command, after }) => ({
    check: () => true,
    run: async (model, real) => {
      model.now += after
      const expected = await answer(command.act(model.memory, model.now))
      expect(await answer(command.act(real, model.now))).toEqual(expected)
    },
    toString: () => `${after} ms later: ${command.name}`,
  }))

/** Most are within a lease and a deadline, some beyond both. */
const spans = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: 0, max: 3 * hour }),
)

/**
 * Returns what a command returns as a value to compare: its result, the reason of its failure, or that its decision
 * threw.
 */
const answer = async (effect: Effect.Effect<unknown, StorePort.StoreError>): Promise<unknown> => {
  const exit = await Effect.runPromiseExit(effect)
  if (Exit.isSuccess(exit)) return { answered: exit.value }
  const error = Cause.squash(exit.cause)
  return error instanceof StorePort.StoreError
    ? { refused: error.reason }
    : { threw: error instanceof Command.Thrown ? "as told" : error }
}

const compare = Effect.fnUntraced(function* (
  layer: Layer.Layer<Store, unknown>,
  sequence: Iterable<Command>,
) {
  const memory = Context.get(yield* Layer.build(MemoryStore.layer), Store)
  const real = Context.get(yield* Layer.build(layer), Store)
  for (const store of [memory, real]) yield* StoreFixture.furnish(store, 2)
  const model: Model = { memory, now: StoreFixture.start }
  yield* Effect.promise(() => fc.asyncModelRun(() => ({ model, real }), sequence))
  expect(yield* look(real, model.now)).toEqual(yield* look(memory, model.now))
})

/** Reads everything that a store can be asked for. */
export const look = Effect.fnUntraced(function* (store: StoreFixture.Stored, now: number) {
  const ofProject = (id: string) =>
    Effect.all({
      project: store.project(id),
      channels: store.channels(id),
      apiKeys: store.apiKeys(id),
      checks: Effect.map(store.checks(id, {}), (checks) => checks.map(Checks.plain)),
      deliveries: store.deliveries({ project: id, limit: 1000 }),
      flipCounts: Effect.map(store.flipCounts(id), (counts) =>
        counts.map(({ check, reason, count }) => `${check} ${reason} ${count}`).sort(),
      ),
      loaded: StoreFixture.read(store, { projects: [id] }, (loaded) => loaded.project(id)),
    })
  const ofCheck = (id: string) =>
    Effect.all({
      pings: store.pings(id, { limit: 1000 }),
      whole: Effect.flatMap(store.pings(id, { limit: 3 }), (pings) =>
        Effect.forEach(pings, ({ n }) => store.ping(id, n)),
      ),
      bodies: Effect.flatMap(store.pings(id, { limit: 1000 }), (pings) =>
        store.pingBodies(
          id,
          pings.slice(0, 100).map(({ n }) => n),
        ),
      ),
      flips: store.flips(id, {}),
      series: Effect.flatMap(store.series(id), (names) =>
        Effect.forEach(names, (series) => {
          const query = { series, from: 0, to: now + hour, limit: 1000 }
          return Effect.all({
            raw: store.samples(id, query),
            minutes: store.buckets(id, { ...query, width: "minute" }),
            hours: store.buckets(id, { ...query, width: "hour" }),
          })
        }),
      ),
      later: store.flips(id, { from: StoreFixture.start + hour, to: now }),
    })
  return yield* Effect.all({
    projects: store.projects,
    ofProjects: Effect.forEach(Command.numbers.map(StoreFixture.projectId), ofProject),
    ofChecks: Effect.forEach(Command.numbers.map(StoreFixture.checkId), ofCheck),
    due: store.due(now + 1000 * hour, 1000),
    blind: store.blind,
  })
})
