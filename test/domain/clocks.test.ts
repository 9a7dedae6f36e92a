/** Engines under wall clocks that are set wrong and put right again, against a world in which nobody touched a clock. */
import type { TrackedDelivery } from "@overdue/core/Delivery"
import * as Deadline from "@overdue/core/Deadline"
import * as Check from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import * as Machine from "@overdue/core/Machine"
import * as Channel from "@overdue/core/Channel"
import * as State from "@overdue/core/State"
import * as Store from "@overdue/core/Store"
import type { Flip } from "@overdue/core/Flip"
import { day, hour, minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Awake from "@overdue/engine/Awake"

import type * as Engine from "@overdue/engine/Engine"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import { BootTime, patience } from "@overdue/engine/SteadyClock"
import * as StepEach from "@overdue/engine/StepEach"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import { isDeepStrictEqual } from "node:util"
import * as fc from "fast-check"
import { afterAll, describe, expect } from "vitest"
import * as EngineFixture from "../kit/EngineFixture.ts"
import * as TwoClocks from "../kit/TwoClocks.ts"
import * as ArbitraryHistory from "./ArbitraryHistory.ts"
import { holds } from "./spec/Law.ts"

/** A wall clock is set by so much at an instant, and put right after a while. */
interface Step {
  readonly at: Instant
  readonly by: Span
  readonly lasts: Span
}

/** What happens to a check whose engine runs on one or two nodes, the first of which may have a wrong clock. */
interface Course {
  readonly check: Check.Check
  /** At true instants; each comes to one of the nodes. */
  readonly moments: readonly (ArbitraryHistory.Moment & { readonly node: number })[]
  readonly nodes: number
  readonly sweepEvery: Span
  readonly step: Step
  readonly until: Instant
}

/** The end of a course, in units of its scale. */
const units = 80

const year = 365 * day
const by: fc.Arbitrary<Span> = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: 1100, max: 3 * minute }),
      fc.integer({ min: minute, max: 3 * hour }),
      fc.constantFrom(12 * hour, day, 30 * day, year),
    ),
    fc.constantFrom(-1, 1),
  )
  .map(([length, sign]) => sign * length)

/** A job that succeeds again and again, and most times is up. */
const regular = ({
  origin,
  unit,
}: ArbitraryHistory.TimeScale): fc.Arbitrary<readonly ArbitraryHistory.Moment[]> =>
  fc.tuple(fc.integer({ min: unit, max: 6 * unit }), fc.nat({ max: unit })).map(([every, first]) =>
    Array.from({ length: Math.floor((units * unit - first) / every) }, (_, index) => ({
      at: origin + first + index * every,
      event: { type: "success" },
    })),
  )

/** Courses in which the clock is wrong for a time within bounds; `only` says which events happen. */
const course = (lasts: fc.Arbitrary<Span>, only: (event: Machine.Event) => boolean): fc.Arbitrary<Course> =>
  ArbitraryHistory.scale
    .filter(({ unit }) => unit > 1)
    .chain((scale) =>
      fc
        .record({
          policy: fc
            .tuple(ArbitraryHistory.policy(scale), fc.boolean())
            .map(([policy, isOwn]) =>
              isOwn
                ? policy
                : { ...Check.healthchecksPolicy, schedule: policy.schedule, grace: policy.grace },
            ),
          moments: fc.oneof(ArbitraryHistory.moments(scale, "forwards"), regular(scale), regular(scale)),
          nodes: fc.array(fc.nat({ max: 1 }), { minLength: units, maxLength: units }),
          hasTwo: fc.boolean(),
          sweepEvery: fc.constantFrom(10 * second, 25 * second),
          step: fc.record({ at: fc.integer({ min: 1, max: 30 * scale.unit }), by, lasts }),
        })
        .map(({ policy, moments, nodes, hasTwo, sweepEvery, step }) => ({
          check: {
            ...ArbitraryHistory.check(scale, policy),
            details: { ...Check.noDetails, channels: ["channel"] },
          },
          moments: moments
            .filter(({ at, event }) => only(event) && at <= scale.origin + units * scale.unit)
            .map((moment, index) => ({ ...moment, node: hasTwo ? nodes[index]! : 0 })),
          nodes: hasTwo ? 2 : 1,
          sweepEvery,
          step: { ...step, at: scale.origin + step.at },
          until: scale.origin + units * scale.unit,
        })),
    )

/** The one true time, and clocks that show it more or less. */
class World {
  now: Instant
  readonly #step: Step | undefined

  constructor(now: Instant, step: Step | undefined) {
    this.now = now
    this.#step = step
  }

  /** A clock, with the steps or without. */
  clock(isStepping: boolean): Clock.Clock {
    return TwoClocks.make({
      wall: () => this.now + (isStepping ? this.#ahead : 0),
      monotonic: () => this.now,
    })
  }

  get #ahead(): Span {
    const step = this.#step
    return step !== undefined && step.at <= this.now && this.now < step.at + step.lasts ? step.by : 0
  }
}

/** When it is over: the clock must keep the right time for a minute, too, and somebody has to look. */
const overAt = ({ step, sweepEvery }: Course): Instant => step.at + step.lasts + patience + 3 * sweepEvery

/** What is stored at a true instant. */
interface Record {
  readonly now: Instant
  /** Whether nothing has changed since the record before. */
  readonly isSame: boolean
  readonly check: Check.Check
  readonly flips: readonly Flip[]
  readonly deliveries: readonly TrackedDelivery[]
  readonly blind: readonly Interval[]
}

/** Applies an event as a command does, by the clock of its node. */
const apply = (id: string, event: Machine.Event) =>
  Effect.flatMap(Awake.decisionAt, (now) => StepEach.run([id], { event, now }))

/** Lets a course happen with the step or without, and returns what is stored after every moment and sweep. */
const live = Effect.fnUntraced(function* (course: Course, step: Step | undefined) {
  const { check, moments, sweepEvery, until } = course
  const { createdAt, project } = check
  const world = new World(createdAt, step)
  const store = Context.get(yield* Layer.build(MemoryStore.layer), Store.Store)
  const nodes: Context.Context<Engine.Services>[] = []
  for (let node = 0; node < course.nodes; node++) {
    const clock = world.clock(node === 0)
    nodes.push(
      yield* Layer.build(
        EngineFixture.layer({ store: Layer.succeed(Store.Store, store) }).pipe(
          Layer.provide(Layer.succeed(Clock.Clock, clock)),
          Layer.provide(Layer.succeed(BootTime, () => world.now)),
        ),
      ),
    )
  }
  const owner = { id: project, name: "", pingKey: undefined, badgeKey: "", zone: "UTC", createdAt }
  yield* store.createProject({
    project: { ...owner, checkLimit: 1, pingLogLimit: 100, silencedUntil: undefined },
    keys: [],
  })
  yield* store.createChannel(
    Channel.make({ id: "channel", project, name: "", kind: "test", value: {}, createdAt }),
  )
  yield* store.transact({}, () => ({ result: undefined, checks: [check] }))
  const records: Record[] = []
  const over = overAt(course)
  const note = Effect.gen(function* () {
    const now = world.now
    const found = (yield* store.check(check.id))!
    const last = records.at(-1)
    // Most sweeps change nothing. What is taken back without a change of the check shows once it is over.
    const isSame = last?.check === found && !(last.now < over && over <= now) && now < until - sweepEvery
    records.push(
      isSame
        ? { ...last, now, isSame }
        : {
            now,
            isSame,
            check: found,
            flips: yield* store.flips(check.id, {}),
            deliveries: yield* store.deliveries({ limit: 1000 }),
            blind: yield* store.blind,
          },
    )
  })
  const waiting = [...moments]
  for (let at = createdAt; at <= until; at += sweepEvery) {
    while (waiting.length > 0 && waiting[0]!.at <= at) {
      const { at: now, event, node } = waiting.shift()!
      world.now = now
      yield* Effect.provide(apply(check.id, event), nodes[node]!)
      yield* note
    }
    world.now = at
    for (const node of nodes) yield* Effect.provide(Sweeper.look, node)
    yield* note
  }
  return records
})

/** A course as it went with the step, and as it would have gone. */
const bothOf = (course: Course): readonly (readonly [stepped: Record, twin: Record])[] => {
  const run = (step: Step | undefined) =>
    Effect.runSync(
      Effect.provideService(Effect.scoped(live(course, step)), References.MinimumLogLevel, "None"),
    )
  const [stepped, twin] = [run(course.step), run(undefined)]
  return stepped.map((record, index) => [record, twin[index]!])
}

const long = (most: Span): fc.Arbitrary<Span> => fc.integer({ min: patience + 1, max: most })

const isSignal = ({ type }: Machine.Event): boolean =>
  type === "success" || type === "fail" || type === "start" || type === "cancel"

describe("a wall clock that is set wrong and put right", () => {
  const compared = { untouched: 0, bounded: 0, recovered: 0 }

  // So that the law cannot come to hold of nothing.
  afterAll(() => {
    for (const count of Object.values(compared)) expect(count).toBeGreaterThan(2)
  })

  holds(
    undefined,
    "A wall clock that is put right within a minute changes nothing.",
    fc.property(
      course(fc.integer({ min: 1, max: patience - 1 }), () => true),
      (course) => {
        const both = bothOf(course)
        for (const [stepped, twin] of both) {
          if ((stepped.isSame && twin.isSame) || isDeepStrictEqual(stepped, twin)) continue
          expect(stepped).toEqual(twin)
        }
      },
    ),
    50,
  )

  holds(
    18,
    "A wall clock that steps and comes back changes no deadline for longer than the step lasted.",
    fc.property(course(fc.oneof(long(5 * minute), long(20 * minute), long(3 * hour)), isSignal), (course) => {
      const { step, moments } = course
      const over = overAt(course)
      const both = bothOf(course)
      const before = both.findLast(([{ now }]) => now < step.at)?.[0].check.state
      const isTouched = moments.some(({ at }) => step.at <= at && at <= over)
      const first = both.findIndex(([{ now }]) => now >= over)
      expect(first).toBeGreaterThan(0)
      let isRecovered = false
      for (const [index, [stepped, twin]] of both.entries()) {
        if (index < first || (stepped.isSame && twin.isSame)) continue
        const { check, now, blind } = stepped
        const { state } = check
        // 1. Nothing is recorded ahead of the time that it is.
        expect(State.isAhead(state, now)).toBe(false)
        expect(blind).toEqual([])
        for (const { dueAt } of stepped.deliveries) expect(dueAt).toBeLessThanOrEqual(now)
        const twinState = twin.check.state
        if (index === first && state.status === "up") {
          // 2. No deadline is later than a signal that comes now would make it.
          const atMost = Machine.step(check, { type: "success" }, now).check.state.deadline ?? Infinity
          expect(state.deadline ?? -Infinity).toBeLessThanOrEqual(Math.max(atMost, now))
          compared.bounded += 1
          // 3. Nor, of a check that nobody signalled and that did not miss a slot meanwhile, than it would have been.
          if (!isTouched && before?.flips === state.flips && before.failure === state.failure) {
            // What is stored behind very many quiet windows is a lower bound; one that has no slot outside of them has none.
            const exact = Deadline.next(twin.check, twin.blind)?.at ?? Infinity
            expect(state.deadline ?? Infinity).toBeLessThanOrEqual(exact)
            compared.untouched += 1
          }
        }
        // 4. From the next success on that finds it up, deadlines are what they would have been.
        isRecovered ||= now > over && state.lastSuccess === now && twinState.lastSuccess === now
        if (!isRecovered || state.status !== "up" || twinState.status !== "up") continue
        if (state.runs.length > 0 || twinState.runs.length > 0) continue
        expect(state.deadline).toBe(twinState.deadline)
        compared.recovered += 1
      }
    }),
    70,
  )
})
