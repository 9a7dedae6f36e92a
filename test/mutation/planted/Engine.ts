/** Bugs of the engine: signals on their way to disk, the sweeper, the clock, and what people ask for. */
import type { Bug } from "./Bug.ts"

const receive = "packages/engine/src/commands/Receive.ts"
const ofReceive = ["packages/engine/test/commands/Receive.test.ts"]
const ofClocks = ["packages/engine/test/Clocks.test.ts"]
const ofSweeper = ["packages/engine/test/Sweeper.test.ts"]

export const engine: readonly Bug[] = [
  {
    what: "a ping is answered before its commit, so a crash loses what a job was told is stored",
    file: receive,
    original: "(loaded) => Batch.decide(batch, fresh, loaded)),",
    replacement: `(loaded) => {
        const decision = Batch.decide(batch, fresh, loaded)
        answer(batch, decision.result.decided)
        return decision
      }),`,
    tests: ofReceive,
  },
  {
    what: "a commit that failed for a busy store is not tried again, and jobs are told to repeat their pings",
    file: receive,
    original: 'while: (error) => error.reason === "busy" }',
    replacement: "while: () => false }",
    tests: ofReceive,
  },
  {
    what: "a commit with an unknown outcome is tried again, so a ping may be logged twice",
    file: receive,
    original: 'while: (error) => error.reason === "busy" }',
    replacement: 'while: (error) => error.reason === "busy" || error.reason === "unknown-outcome" }',
    tests: ofReceive,
  },
  {
    what: "one damaged record fails every ping that shares its commit",
    file: receive,
    original: "batch.length > 1 && Failure.mayBeOneRecordsFault(cause)",
    replacement: "batch.length > 1000 && Failure.mayBeOneRecordsFault(cause)",
    tests: ofReceive,
  },
  {
    what: "the pings that wait when the engine stops are dropped, without an answer",
    file: receive,
    original: "return rest.length > 0 ? commit(rest) : Effect.void",
    replacement: "return Effect.void",
    tests: ofClocks,
    named: "when the engine stops",
  },
  {
    what: "nobody wakes the outbox after a ping that has to be told, so that the alert waits for its next look",
    file: receive,
    original: "if (isTold) bell.ring()",
    replacement: "if (isTold && isCreating) bell.ring()",
    tests: ["packages/engine/test/LocalBell.test.ts"],
  },
  {
    what: "nobody wakes the outbox after a deadline has passed, so that the alert waits for its next look",
    file: "packages/engine/src/StepEach.ts",
    original: "if (isTold) bell.ring()",
    replacement: "if (isTold && concerns === undefined) bell.ring()",
    tests: ["packages/engine/test/LocalBell.test.ts"],
  },
  {
    what: "each signal counts twice towards the limit of its check, so that jobs are refused too soon",
    file: receive,
    original: "if (seconds === undefined && Exit.isSuccess(exit))",
    replacement: "if (Exit.isSuccess(exit))",
    tests: ofReceive,
  },
  {
    what: "signals that wait for their commit do not keep their deadline back, so that a job in time is reported missing",
    file: "packages/engine/src/commands/receive/UnderWay.ts",
    original: "for (const { since } of this.#arrived) until = Math.min(until, since - 1)",
    replacement: "",
    tests: ofClocks,
  },
  {
    what: "a signal with the key of one before it in the same commit is logged again",
    file: "packages/engine/src/commands/receive/Batch.ts",
    original: "taken.get(name) ?? loaded.logged(check.id, key)",
    replacement: "loaded.logged(check.id, key)",
    tests: ofReceive,
  },
  {
    what: "two signals of one check in one commit are both decided on the check before them, which flips twice",
    file: "packages/engine/src/Changes.ts",
    original: "return this.#checks.get(id) ?? this.#loaded.check(id)",
    replacement: "return this.#loaded.check(id)",
    tests: ofReceive,
  },
  {
    what: "of several channels of a check only the first is told",
    file: "packages/engine/src/Changes.ts",
    original: "this.#deliveries.push(...Delivery.of(step.check, step.tells))",
    replacement: "this.#deliveries.push(...Delivery.of(step.check, step.tells).slice(0, 1))",
    tests: ["packages/engine/test/MemoryStore.test.ts"],
    named: "a unit of work",
  },
  {
    what: "a project may have one check more than its limit",
    file: "packages/engine/src/commands/Birth.ts",
    original: "parent.checkCount + (parent.bornNow ?? 0) < limit",
    replacement: "parent.checkCount + (parent.bornNow ?? 0) <= limit",
    tests: ofReceive,
  },
  {
    what: "a command reaches the checks of other projects by their ids",
    file: "packages/engine/src/commands/Subject.ts",
    original: "check === undefined || check.project !== project",
    replacement: 'check === undefined || (check.project !== project && project === "")',
    tests: ["packages/engine/test/commands/Subject.test.ts"],
  },
  {
    what: "the sweeper rests after its first five hundred checks, so that a mass outage is told bit by bit",
    file: "packages/engine/src/Sweeper.ts",
    original:
      "if (done.results.length === 0 && done.cause !== undefined) return yield* Effect.failCause(done.cause)",
    replacement: `if (done.results.length === 0 && done.cause !== undefined) return yield* Effect.failCause(done.cause)
    return flips`,
    tests: ofSweeper,
  },
  {
    what: "deadlines are settled before the signals are read that waited while the process stood still",
    file: "packages/engine/src/Sweeper.ts",
    original: "Math.min(settledUntil(now), (standstill.look(now)?.from ?? Infinity) - 1)",
    replacement: "settledUntil(now)",
    tests: ["test/system/journeys/standstill.test.ts"],
    named: "too busy to turn its loop",
  },
  {
    what: "a process that was busy counts as blind, so whoever keeps it busy can mute its alerts",
    file: "packages/engine/src/Awake.ts",
    original: "sinceNote(now) - (standstill.busy() - busyThen) > after",
    replacement: "sinceNote(now) > after",
    tests: ["test/system/journeys/standstill.test.ts"],
    named: "too busy to turn its loop",
  },
  {
    what: "what was recorded ahead of a clock that was set back, before a restart, mutes checks until it is there again",
    file: "packages/engine/src/Awake.ts",
    original: "if (notedAt === undefined) yield* TurnBack.run(now, blindAfter ?? Limits.blindAfter)",
    replacement: "",
    tests: ofClocks,
  },
  {
    what: "a node whose clock is a year ahead makes all others blind for a year",
    file: "packages/engine/src/Awake.ts",
    original: "if (blind.some(({ to }) => to > now + blindAfter)) yield*",
    replacement: "if (blind.some(({ to }) => to === Infinity)) yield*",
    tests: ofClocks,
  },
  {
    what: "a clock that was set back is followed, but checks keep the deadlines that they had ahead of it",
    file: "packages/engine/src/TurnBack.ts",
    original: 'yield* EachAlone.run(part, "cut to the present", (some) => cut(some, now))',
    replacement: "",
    tests: ofClocks,
  },
  {
    what: "a clock that was set back and stays so is never followed",
    file: "packages/engine/src/awake/Following.ts",
    original: "    steady.follow()\n",
    replacement: "    if (step.by >= 0) steady.follow()\n",
    tests: ofClocks,
  },
  {
    what: "a wrong clock is believed at once, so that a slip of a time server sets off every alert",
    file: "packages/engine/src/SteadyClock.ts",
    original: "this.#monotonic - pending.since < patience",
    replacement: "this.#monotonic - pending.since < 0",
    tests: ["packages/engine/test/SteadyClock.test.ts"],
  },
  {
    what: "the time in which a laptop slept is taken for a clock that was set, and deadlines lag behind",
    file: "packages/engine/src/SteadyClock.ts",
    original: "if (just < tolerance) return 0",
    replacement: "if (just > 0) return 0",
    tests: ["packages/engine/test/SteadyClock.test.ts"],
  },
  {
    what: "a clock that leaps ahead has all history pruned at once",
    file: "packages/engine/src/Retention.ts",
    original: "if (hasStepped) doubtfulUntil = passed + doubtfulFor",
    replacement: "if (hasStepped) doubtfulUntil = passed",
    tests: ["packages/engine/test/Retention.test.ts"],
  },
  {
    what: "a wrapped job fails because its signal cannot be stored",
    file: "packages/engine/src/monitor/Wrap.ts",
    original: "if (isKept) this.#keep(sent)",
    replacement: 'if (isKept) this.#keep(sent)\n      if (sent.kind !== "start") throw error',
    tests: ["packages/engine/test/Wrap.test.ts"],
  },
  {
    what: "the signals of a wrapped job do not name its run, so that overlapping runs are mixed up",
    file: "packages/engine/src/monitor/Wrap.ts",
    original: "rid: this.#rid, key,",
    replacement: "rid: undefined, key,",
    tests: ["packages/engine/test/Wrap.test.ts"],
    named: "have a run id each",
  },
  {
    what: "five hundred damaged checks keep all others from being settled",
    file: "packages/engine/src/Sweeper.ts",
    original: "yield* store.due(now, atOnce + stuck.size)",
    replacement: "yield* store.due(now, atOnce)",
    tests: ofSweeper,
  },
  {
    what: "a node prunes as soon as it starts, when its clock may not be set yet",
    file: "packages/engine/src/Retention.ts",
    original: "  yield* Effect.sleep(firstAfter)\n",
    replacement: "",
    tests: ["packages/engine/test/Retention.test.ts"],
  },
  {
    what: "a signal that waited while the process stood still counts from when it was read, and came too late",
    file: "packages/engine/src/commands/receive/Batch.ts",
    original: "isDeadline && due.at > since && due.at <= at ? due.at - 1 : at",
    replacement: "isDeadline && due.at > since && due.at <= at ? at : at",
    tests: ["test/system/journeys/standstill.test.ts"],
    named: "too busy to turn its loop",
  },
  {
    what: "a ping that comes while the engine stops is never answered",
    file: receive,
    original: "if (isClosed || waiting.length >= settings.pingsWaiting)",
    replacement: "if (waiting.length >= settings.pingsWaiting)",
    tests: ofReceive,
  },
  {
    what: "a ping that waited while the clock was set back is stored ahead of it, and hides later ones from the check",
    file: receive,
    original: "signal.at > now ? { ...signal,",
    replacement: "signal.at === Infinity ? { ...signal,",
    tests: ofClocks,
  },
]
