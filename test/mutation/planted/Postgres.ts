/** Bugs of installations in PostgreSQL: what servers on one database share, and texts that it has no room for. */
import type { Bug } from "./Bug.ts"

const ofText = ["test/system/postgres/hostileText.test.ts"]
const ofStart = ["test/system/postgres/start.test.ts"]
const ofNodes = ["test/system/postgres/nodes.test.ts"]
const ofTogether = ["packages/storage/test/postgres/Together.test.ts"]
const ofCheckKeys = ["packages/storage/test/postgres/CheckKeys.test.ts"]
const ofKeys = ["packages/storage/test/postgres/Keys.test.ts"]

export const postgres: readonly Bug[] = [
  {
    what: "a sender whose name has a U+0000 takes the pings of others in his commit down with his own",
    file: "packages/engine/src/commands/receive/Bounded.ts",
    original: "userAgent: Storable.of(userAgent),",
    replacement: "userAgent,",
    tests: ofText,
  },
  {
    what: "what a receiver answered cannot be stored, and so the alert is sent to it again and again",
    file: "packages/engine/src/outbox/Outcome.ts",
    original: "const error = Storable.of(verdict.why)",
    replacement: "const error = verdict.why",
    tests: ofText,
  },
  {
    what: "whoever looks for a slug with a U+0000 is told that the database is away",
    file: "packages/engine/src/queries/Checks.ts",
    original: "filter.slug !== undefined && !Storable.is(filter.slug)",
    replacement: "filter.slug === undefined && !Storable.is(project)",
    tests: ofText,
  },
  {
    what: "half of a surrogate pair is kept by one store, and replaced by another",
    file: "packages/core/src/Storable.ts",
    original: 'is(text) ? text : text.toWellFormed().replaceAll("\\0", "\\ufffd")',
    replacement: 'text.replaceAll("\\0", "\\ufffd")',
    tests: ofText,
  },
  {
    what: "a server that takes no writes for now is used all the same, although another one takes them",
    file: "packages/storage/src/postgres/Session.ts",
    original: 'if (isStandby === true || readOnly === "on")',
    replacement: "if (isStandby === true)",
    tests: ofStart,
  },
  {
    what: "a command makes an installation in a database that has none, by a mistake in its address",
    file: "packages/storage/src/Postgres.ts",
    original: "if (isExpected) yield* expect(driver)",
    replacement: "if (isExpected && address.isPooled) yield* expect(driver)",
    tests: ofStart,
  },
  {
    what: "of servers that start at once on an empty database, all but one end",
    file: "packages/cli/src/serve/FirstStart.ts",
    original: 'error._tag === "StoreError" && error.reason === "constraint"',
    replacement: 'error._tag === "StoreError" && error.reason === "busy"',
    tests: ofNodes,
  },
  {
    what: "servers that start at once on an empty database each make a project, with keys of its own",
    file: "packages/cli/src/serve/FirstStart.ts",
    original: "id: firstId(secret),",
    replacement: "id: firstId(secret + process.pid),",
    tests: ofNodes,
  },
  {
    what: "statements that are sent as one take the parameters of each other",
    file: "packages/storage/src/postgres/Together.ts",
    original: "Number(number) + this.#count",
    replacement: "Number(number)",
    tests: ofTogether,
  },
  {
    what: "what a transaction asks for does not see what it has sent before",
    file: "packages/storage/src/postgres/Unit.ts",
    original: "return Effect.andThen(this.#release, all)",
    replacement: "return all",
    tests: ofTogether,
  },
  {
    what: "the last thing that a transaction has sent is never on its way",
    file: "packages/storage/src/postgres/Unit.ts",
    original: "Effect.andThen(this.#release, this.#commit)",
    replacement: "this.#commit",
    tests: ofTogether,
  },
  {
    what: "two nodes give two pings the same key",
    file: "packages/storage/src/postgres/Flavour.ts",
    original: "SET INCREMENT BY ${keysAtOnce}`",
    replacement: "SET INCREMENT BY ${keysAtOnce - 1}`",
    tests: ofKeys,
  },
  {
    what: "after a database was restored, pings go to the checks of others",
    file: "packages/storage/src/tables/CheckLocks.ts",
    original: " && rows.every((row) => named.has(row[CheckRow.idAt]))",
    replacement: "",
    tests: ofCheckKeys,
  },
  {
    what: "a check that is there again under another key is not found",
    file: "packages/storage/src/tables/CheckLocks.ts",
    original: "rows.length === ids.length && rows.every",
    replacement: "rows.every",
    tests: ofCheckKeys,
  },
]
