/** Bugs of the outbox: which alerts are sent, when again, and what becomes of them when the engine stops. */
import type { Bug } from "./Bug.ts"

const outboxFile = "packages/engine/src/Outbox.ts"
const attempts = "packages/engine/src/outbox/Attempts.ts"
const settler = "packages/engine/src/outbox/Settler.ts"
const outcome = "packages/engine/src/outbox/Outcome.ts"
const ofOutbox = ["packages/engine/test/Outbox.test.ts"]
const ofFailing = ["packages/engine/test/outbox/FailingChannel.test.ts"]

export const outbox: readonly Bug[] = [
  {
    what: "an engine that stops does not wait for alerts that are being sent, which arrive twice",
    file: outboxFile,
    original: "Effect.timeoutOption(attempts.idle, Limits.patience)",
    replacement: "Effect.void",
    tests: [...ofOutbox, ...ofFailing],
    named: "an engine that is stopped",
  },
  {
    what: "an alert that the end of the engine cuts short waits for its lease before it is sent again",
    file: attempts,
    original: 'this.#interrupt(attempt, { type: "stopped" })',
    replacement: "attempt.fiber?.interruptUnsafe()",
    tests: ofFailing,
    named: "an engine that is stopped",
  },
  {
    what: "the lease is shorter than an attempt may take, so that a slow alert is sent twice at once",
    file: attempts,
    original: "export const lease: Span = 2 * minute",
    replacement: "export const lease: Span = minute",
    tests: ofOutbox,
    named: "for as long as its notifier may take",
  },
  {
    what: "a notifier that never answers keeps its place for good, and with it all alerts of its channel",
    file: attempts,
    original: "if (now - attempt.begunAt < answerWithin) continue",
    replacement: "if (now - attempt.begunAt < 1000 * answerWithin) continue",
    tests: ofOutbox,
    named: "that its notifier never ends",
  },
  {
    what: "an attempt that a bug has ended keeps its place, and with it all alerts of its channel",
    file: attempts,
    original: "    attempt.fiber.addObserver((exit) =>\n      this.#end(",
    replacement: "    attempt.fiber.addObserver((exit) => Exit.isSuccess(exit) &&\n      this.#end(",
    tests: ofOutbox,
    named: "that a bug in its notifier",
  },
  {
    what: "what was answered while another process held the database is sent again, and keeps its places for two minutes",
    file: settler,
    original: "if (Failure.mayPass(exit.cause)) {",
    replacement: "if (Failure.mayPass(exit.cause) && ended.length > 1000) {",
    tests: ["packages/engine/test/outbox/Settler.test.ts"],
    named: "when the store is back",
  },
  {
    what: "a notifier that does not let itself be interrupted keeps its alert for good, and its engine from stopping",
    file: attempts,
    original: `    this.#end(attempt, end)
    attempt.fiber?.interruptUnsafe()`,
    replacement: `    attempt.fiber?.addObserver(() => this.#end(attempt, end))
    attempt.fiber?.interruptUnsafe()`,
    tests: ofOutbox,
    named: "neither ends nor lets go",
  },
  {
    what: "the next alert of a channel waits for the next look of the outbox, although the one before is through",
    file: settler,
    original: "bell.ring()",
    replacement: "void bell",
    tests: ofOutbox,
    named: "is followed at once by the next one",
  },
  {
    what: "more alerts are sent at once than the settings allow",
    file: outboxFile,
    original: "attempts.places(deliveriesAtOnce, begunAt)",
    replacement: "deliveriesAtOnce",
    tests: ofOutbox,
    named: "at a time",
  },
  {
    what: "receivers that hang keep the places of all alerts until they are given up",
    file: "packages/core/src/Turns.ts",
    original: "most - (all - slow)",
    replacement: "most - all",
    tests: ofOutbox,
    named: "at a time",
  },
  {
    what: "a channel that was never told anything waits until others of its project have hung for a minute",
    file: "packages/storage/src/tables/Claims.ts",
    original: "underWay.add(route, count, slow)",
    replacement: "underWay.add(route, count)",
    tests: ["packages/storage/test/Sqlite.test.ts"],
  },
  {
    what: "receivers that hang can be any number at a time",
    file: "packages/core/src/Turns.ts",
    original: "Limits.slowTimes * most - all",
    replacement: "Infinity",
    tests: ofOutbox,
    named: "at a time",
  },
  {
    what: "attempts whose answers arrive together are settled one by one, each before every signal",
    file: settler,
    original: "seen < attempts.size",
    replacement: "seen > attempts.size",
    tests: ["packages/engine/test/outbox/Settler.test.ts"],
  },
  {
    what: "a channel that is gone is never disabled, and its receiver is asked for ever",
    file: settler,
    original: "yield* store.disableChannel(channel.id, outcome.error)",
    replacement: "",
    tests: ofFailing,
    named: "a receiver that says",
  },
  {
    what: "the waits between attempts do not grow, so that a receiver in trouble is asked every few seconds for a day",
    file: outcome,
    original: "shortestWait * 2 ** failures",
    replacement: "shortestWait * 2",
    tests: ofOutbox,
    named: "what follows from",
  },
  {
    what: "all retries after an outage of the receiver come at the same instant",
    file: outcome,
    original: "(usual * (1 + chance)) / 2",
    replacement: "(usual * 2) / 2",
    tests: ofOutbox,
    named: "what follows from",
  },
  {
    what: "a receiver that asks to be left alone for a while is asked on",
    file: outcome,
    original: "Math.min(after, longestAskedWait))",
    replacement: "Math.min(after, 0))",
    tests: ofOutbox,
    named: "what follows from",
  },
  {
    what: "an alert is given up after three attempts, so that a receiver may not be away for a minute",
    file: outcome,
    original: "if (failures + 1 >= mostFailures) {",
    replacement: "if (failures + 1 >= 3) {",
    tests: ofOutbox,
    named: "what follows from",
  },
  {
    what: "a receiver that says once that a channel is gone has it disabled at once",
    file: outcome,
    original: "goneSince !== undefined && now - goneSince >= goneAfter",
    replacement: "goneSince === undefined || now - goneSince >= goneAfter",
    tests: ofFailing,
    named: "a receiver that says",
  },
  {
    what: "reminders wake people in the quiet hours of their channel",
    file: outcome,
    original: "if (until === undefined) return undefined",
    replacement: 'if (until === undefined || alert.occasion === "reminder") return undefined',
    tests: ofOutbox,
    named: "is not reminded in them",
  },
  {
    what: "a channel in quiet hours is told that something is over of which it never heard",
    file: outcome,
    original: 'return alert.status === "up" ? beganUntold : alert.outage?.until !== undefined',
    replacement: 'return alert.status === "up" ? false : alert.outage?.until !== undefined',
    tests: ofOutbox,
    named: "that came and went in them",
  },
  {
    what: "an alert that was held because of another check is looked at again only after a day",
    file: outcome,
    original: "dueAt: now + heldFor,",
    replacement: "dueAt: now + 1440 * heldFor,",
    tests: ["packages/engine/test/outbox/HeldAlerts.test.ts"],
    named: "just while it was being looked at",
  },
  {
    what: "alerts to different channels of one kind are sent as one message, to the first of them",
    file: "packages/engine/src/outbox/Message.ts",
    original: `    const together = takesSeveral(kind) ? open.get(id) : undefined
    if (together !== undefined) together.push(claim)
    else {
      const message: [Claim, ...Claim[]] = [claim]
      open.set(id, message)`,
    replacement: `    const together = takesSeveral(kind) ? open.get(kind) : undefined
    if (together !== undefined) together.push(claim)
    else {
      const message: [Claim, ...Claim[]] = [claim]
      open.set(id === "" ? id : kind, message)`,
    tests: ofOutbox,
    named: "when its kind takes several",
  },
  {
    what: "an alert counts its own check among the others that are down",
    file: "packages/engine/src/outbox/Message.ts",
    original: "Math.max(0, first.down - downHere.size)",
    replacement: "Math.max(0, first.down)",
    tests: ofOutbox,
    named: "what a channel is told",
  },
  {
    what: "one record that cannot be settled has all that were settled with it sent again",
    file: settler,
    original: "ended.length > 1 && Failure.mayBeOneRecordsFault(exit.cause)",
    replacement: "ended.length > 1000 && Failure.mayBeOneRecordsFault(exit.cause)",
    tests: ["packages/engine/test/outbox/Settler.test.ts"],
  },
  {
    what: "a reminder of what expires reads like a recovery",
    file: "packages/core/src/News.ts",
    original: 'occasion === "reminder" && status === "up"',
    replacement: "occasion === status",
    tests: ["packages/notifiers/test/Webhook.test.ts"],
  },
]
