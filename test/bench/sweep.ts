/**
 * What silence costs: sweeping 10,000 checks that are due among 10,000, 100,000 and 1,000,000 stored ones in SQLite or
 * PostgreSQL, and a tick on which nothing is due. As in life, the due ones lie anywhere and come in any order. The databases take turns;
 * each figure is the median of the turns.
 */
import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import * as Every from "@overdue/core/schedule/Every"
import { Store } from "@overdue/core/Store"
import { day, hour } from "@overdue/core/Time"
import * as Awake from "@overdue/engine/Awake"
import * as LocalBell from "@overdue/engine/LocalBell"
import { defaults, Settings } from "@overdue/engine/Settings"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Progress from "./report/Progress.ts"
import { median } from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"
import * as Project from "./seed/Project.ts"
import * as Asked from "./store/Asked.ts"
import * as Place from "./store/Place.ts"

const sizes = [10_000, 100_000, 1_000_000]
const due = 10_000
const turns = 7
const ticks = 2_000
const atOnce = 5_000
const start = Date.UTC(2026, 0, 1)

const asked = Asked.read()
await using places = await Place.open(asked)

/** Everything that sweeping needs, over a database of its own. Nobody is ever blind: no clock runs. */
const engine = ({ layer }: Place.Place) =>
  Awake.layer.pipe(
    Layer.provideMerge(LocalBell.layer),
    Layer.provideMerge(layer),
    Layer.provideMerge(Layer.succeed(Settings, Object.assign({}, defaults, { blindAfter: undefined }))),
  )

type Services = Layer.Success<ReturnType<typeof engine>>

interface Contender {
  readonly stored: number
  readonly place: Place.Place
  readonly services: Context.Context<Services>
  /** Those that fall due, spread evenly over all. */
  readonly hourly: readonly string[]
  readonly sweeps: number[]
  readonly ticks: number[]
}

/** A database of checks that have all had a success: some expected every hour, the others once a year. */
const fill = Effect.fnUntraced(function* (stored: number) {
  const place = places.next()
  const services = yield* Layer.build(engine(place))
  const store = Context.get(services, Store)
  const project = Project.make(stored, start)
  yield* store.createProject({ project, keys: [] })
  const every = stored / due
  const hourly: string[] = []
  for (let made = 0; made < stored; made += atOnce) {
    const steps = Array.from({ length: atOnce }, (_, index) => {
      const isHourly = (made + index) % every === 0
      const check = Check.make({
        id: crypto.randomUUID(),
        project: project.id,
        badgeKey: crypto.randomUUID(),
        createdAt: start,
        details: { name: `check ${made + index}` },
        policy: { schedule: Every.make(isHourly ? hour : 365 * day), grace: hour },
      })
      if (isHourly) hourly.push(check.id)
      return Machine.step(check, { type: "success" }, start + within(hour))
    })
    yield* store.transact({}, () => ({
      result: undefined,
      checks: steps.map(({ check }) => check),
      flips: steps.flatMap(({ flips }) => flips),
    }))
    Progress.show(`${made + atOnce} of ${stored} checks stored`)
  }
  const contender: Contender = { stored, place, services, hourly, sweeps: [], ticks: [] }
  return contender
})

/** One sweep and many idle ticks; then a success for each check that went down, for the next turn. */
const turn = Effect.fnUntraced(function* (contender: Contender, now: number) {
  const { services, hourly } = contender
  const sweep = (at: number) => Effect.provideContext(Sweeper.sweep(at), services)
  const before = performance.now()
  const flips = yield* sweep(now)
  contender.sweeps.push(performance.now() - before)
  if (flips !== due) throw new Error(`${flips} checks went down instead of ${due}`)

  const idle = performance.now()
  for (let tick = 0; tick < ticks; tick++) yield* sweep(now)
  contender.ticks.push((performance.now() - idle) / ticks)

  const store = Context.get(services, Store)
  for (let from = 0; from < due; from += atOnce) {
    const ids = hourly.slice(from, from + atOnce)
    yield* store.transact({ checks: ids }, (loaded) => {
      const steps = ids.map((id) => Machine.step(loaded.check(id)!, { type: "success" }, now + within(hour)))
      return {
        result: undefined,
        checks: steps.map(({ check }) => check),
        flips: steps.flatMap(({ flips }) => flips),
      }
    })
  }
})

/** Any time shorter than a span; the same ones in every run. */
const within = (span: number): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((seed / 2 ** 32) * span)
}
let seed = 1

const bench = Effect.gen(function* () {
  const contenders = yield* Effect.forEach(sizes, fill)
  for (let round = 1; round <= turns; round++) {
    Progress.show(`turn ${round} of ${turns}`)
    for (const contender of contenders) yield* turn(contender, start + 4 * hour * round)
  }
  Progress.show("")
  return yield* Effect.forEach(contenders, ({ stored, place, sweeps, ticks }) =>
    Effect.map(Effect.promise(place.size), (bytes) => ({
      stored,
      sweep: Number(median(sweeps).toFixed(1)),
      tick: Number((1000 * median(ticks)).toFixed(1)),
      megabytes: Math.round(bytes / 1e6),
    })),
  )
})

const series = await Effect.runPromise(Effect.scoped(bench))
const first = series[0]!
const last = series.at(-1)!
const rows = series.map(({ stored, sweep, tick, megabytes }) => [
  stored.toLocaleString("en"),
  `${sweep} ms`,
  Table.duration((sweep * 1e6) / due),
  Table.duration(tick * 1000),
  `${megabytes} MB`,
  `${(sweep / first.sweep).toFixed(2)}×`,
])
const heading = ["checks stored", "10,000 due", "each", "idle tick", "on disk", "against 10,000"]
console.log(Table.format(heading, rows))
console.log(
  JSON.stringify({
    bench: "sweep",
    store: asked.store,
    unit: "ms",
    ours: last.sweep,
    peers: { "10,000 stored": first.sweep },
    ratios: { "10,000 stored": Number((first.sweep / last.sweep).toFixed(3)) },
    series,
  }),
)
