/** Bugs of what watches the engine: what it counts, what it says to whom, and what it may cost. */
import type { Bug } from "./Bug.ts"

const collector = "packages/cli/src/serve/telemetry/Collector.ts"
const ofMetrics = ["packages/engine/test/Metrics.test.ts"]
const ofTraces = ["packages/engine/test/Trace.test.ts"]
const ofScrapes = ["packages/server/test/dialects/healthchecks/metrics/InstallationMetrics.test.ts"]
const ofOtlp = ["packages/cli/test/serve/telemetry/Otlp.test.ts"]
const ofServer = ["test/system/journeys/telemetry.test.ts"]

export const observing: readonly Bug[] = [
  {
    what: "pings that were refused count as stored ones",
    file: "packages/engine/src/commands/Receive.ts",
    original: 'if (outcome !== "to be created" && Exit.isSuccess(outcome)) stored += 1',
    replacement: 'if (outcome !== "to be created") stored += 1',
    tests: ofMetrics,
  },
  {
    what: "an engine that has ended is kept in memory by its gauges",
    file: "packages/engine/src/Meter.ts",
    original: "(registration) => Effect.sync(registration.remove),",
    replacement: "() => Effect.void,",
    tests: ofMetrics,
  },
  {
    what: "while the store is away, the outbox looks as young as it was when it could last be read",
    file: "packages/engine/src/Gauges.ts",
    original: "    meter.forget(metrics.dueAge)\n",
    replacement: "",
    tests: ofMetrics,
  },
  {
    what: "what is due later makes the outbox look old, or young",
    file: "packages/engine/src/Gauges.ts",
    original: "Math.max(0, now - (dueSince ?? now))",
    replacement: "Math.abs(now - (dueSince ?? now))",
    tests: ofMetrics,
  },
  {
    what: "a sweeper that only fails looks as if it worked",
    file: "packages/engine/src/Sweeper.ts",
    original: "meter.watch(metrics.sweepAge, () => (Monotonic.by(clock) - lookedAt) / second)",
    replacement: "meter.watch(metrics.sweepAge, () => (lookedAt - lookedAt) / second)",
    tests: ofMetrics,
  },
  {
    what: "records that are damaged make any number of series",
    file: "packages/engine/src/outbox/Attempts.ts",
    original: 'this.#kinds.has(channel.kind) ? channel.kind : "other"',
    replacement: "channel.kind",
    tests: ofMetrics,
  },
  {
    what: "the words of an error, which may name a check, are in its span",
    file: "packages/engine/src/Trace.ts",
    original: 'new SpanFailure("StoreError", error.reason)',
    replacement: 'new SpanFailure("StoreError", error.detail)',
    tests: ofTraces,
  },
  {
    what: "each idle look of the outbox is a span",
    file: "packages/engine/src/Outbox.ts",
    original: `  if (claims.length === 0) return false
  yield* Trace.past("overdue.claim", startedAt, { "overdue.deliveries": claims.length })`,
    replacement: `  yield* Trace.past("overdue.claim", startedAt, { "overdue.deliveries": claims.length })
  if (claims.length === 0) return false`,
    tests: ofTraces,
  },
  {
    what: "a record that is damaged keeps the metrics of the installation from being read",
    file: "packages/storage/src/tables/Deliveries.ts",
    original: "CASE WHEN due_at BETWEEN 0 AND ${Row.last} THEN due_at END",
    replacement: "due_at",
    tests: ["packages/storage/test/Damage.test.ts"],
  },
  {
    what: "nobody sees that all connections to PostgreSQL are taken",
    file: "packages/storage/src/Postgres.ts",
    original: "        Layer.succeed(Connections, driver.figures),\n",
    replacement: "",
    tests: ["packages/storage/test/postgres/Sharing.test.ts"],
  },
  {
    what: "whoever asks for numbers as Healthchecks has them gets those of Prometheus",
    file: "packages/server/src/dialects/healthchecks/management/endpoints/Service.ts",
    original: 'takesText.test(header("accept") ?? "")',
    replacement: 'header("accept") !== undefined',
    tests: ofScrapes,
  },
  {
    what: "the last bucket of a histogram misses what is longer than all bounds",
    file: "packages/server/src/dialects/healthchecks/metrics/InstallationMetrics.ts",
    original: "const all = [...buckets, [Infinity, count] as const]",
    replacement: "const all = [...buckets, [Infinity, 0] as const]",
    tests: ofScrapes,
  },
  {
    what: "no metric can be read while the store is away",
    file: "packages/engine/src/Gauges.ts",
    original: "const found = yield* Effect.exit(Activity.ofInstallation)",
    replacement:
      "const found = yield* Effect.exit(Effect.orDie(Activity.ofInstallation))\n  if (Exit.isFailure(found)) yield* found",
    tests: ofScrapes,
  },
  {
    what: "a collector that is slow fills the memory of the server with what it was not sent",
    file: collector,
    original: "if (underWay >= atOnce)",
    replacement: "if (underWay >= Infinity)",
    tests: ofOtlp,
  },
  {
    what: "a collector that never answers is waited for as long as it likes",
    file: collector,
    original: "duration: target.timeout,",
    replacement: "duration: 1_000 * target.timeout,",
    tests: ofOtlp,
  },
  {
    what: "a collector that is away fills the log",
    file: collector,
    original:
      "        if (isFailing) return Effect.void\n        isFailing = true\n        isSaid = said.again(signal, now) !== undefined\n",
    replacement: "        isFailing = true\n        isSaid = true\n",
    tests: ofOtlp,
  },
  {
    what: "the id of a check that there is not is in the span of the command",
    file: "packages/cli/src/serve/telemetry/Otlp.ts",
    original: "end(endTime, Trace.discreetly(exit))",
    replacement: "end(endTime, exit)",
    tests: ofOtlp,
  },
  {
    what: "requests are named by their paths, which have ids and keys",
    file: "packages/server/src/dialects/Routes.ts",
    original: "spanOf(`${group}: ${name}`, inbound.method)",
    replacement: "spanOf(`${group}: ${inbound.path}`, inbound.method)",
    tests: ofServer,
  },
  {
    what: "a probe is named by its target, whose address may be a secret",
    file: "packages/probes/src/Prober.ts",
    original: "Effect.timeoutOption(ask(probe), latest), spanOf(kind)",
    replacement: "Effect.timeoutOption(ask(probe), latest), spanOf(probe.url)",
    tests: ofServer,
  },
  {
    what: "a server does not start because a variable for all programs of its machine is wrong",
    file: "packages/cli/src/serve/telemetry/Pairs.ts",
    original: "  } catch {\n    return undefined\n  }",
    replacement: "  } catch (error) {\n    throw error\n  }",
    tests: ["packages/cli/test/serve/telemetry/Telemetry.test.ts"],
  },
]
