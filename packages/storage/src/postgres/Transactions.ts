/** Transactions on one session: how they begin, and how it is known that they were committed. */
import { randomUUID } from "node:crypto"
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Connection, Durability, Row, Statement, Transaction } from "../Connection.ts"
import * as Commits from "./Commits.ts"
import type * as Pool from "./Pool.ts"
import { Unit } from "./Unit.ts"

/** A transaction that has ended, or perhaps has not: then `failed` says why nobody knows. */
export interface Attempted<A> {
  readonly value: A
  readonly failed: StoreError | undefined
  readonly commit: Commits.Place | undefined
}

/** Runs transactions of one database. */
export class Transactions {
  readonly #place: string
  readonly #begin: ReturnType<typeof beginning>
  #isNoting = false

  constructor(place: string, settings: Readonly<Record<string, string>>) {
    this.#place = place
    this.#begin = beginning(settings)
  }

  /** Notes from now on in the database which transactions were committed. */
  noteCommits(): void {
    this.#isNoting = true
  }

  /** Runs statements each by itself; behind a pooler in a transaction, as nothing is set there before. */
  query(link: Pool.Link, sql: Statement, each: readonly Row[] | undefined) {
    return link.isPooled
      ? Effect.map(
          this.attempt((unit) => unit.query(sql, each), "in portions", link),
          ({ value }) => value,
        )
      : new Unit(link, this.#place).query(sql, each)
  }

  /** Runs a transaction once. Fails when it is certain that nothing of it was kept. */
  readonly attempt = Effect.fnUntraced(function* <A>(
    this: Transactions,
    work: (connection: Transaction) => Effect.Effect<A, StoreError>,
    durability: Durability,
    link: Pool.Link,
  ): Effect.fn.Return<Attempted<A>, StoreError> {
    const unit = new Unit(link, this.#place)
    const commit = this.#isNoting && durability !== "in portions" ? yield* this.#next(link) : undefined
    yield* this.#begin(unit, link, durability)
    const exit = yield* Effect.exit(Effect.suspend(() => work(unit)))
    if (Exit.isFailure(exit)) {
      const refused = yield* unit.rollback
      return yield* refused ?? Effect.failCause(exit.cause)
    }
    if (commit !== undefined) unit.hold(Commits.leaving(commit))
    const failed = yield* unit.commit
    if (failed !== undefined && failed.reason !== "unknown-outcome") {
      yield* unit.rollback
      return yield* failed
    }
    return { value: exit.value, failed, commit }
  })

  /** Names a session in the table of commits before its first transaction, and returns the place of the next. */
  #next(link: Pool.Link): Effect.Effect<Commits.Place, StoreError> {
    if (link.name !== undefined) {
      link.transactions += 1
      return Effect.succeed({ connection: link.name, n: link.transactions })
    }
    const name = randomUUID()
    const naming = (unit: Connection) =>
      Effect.andThen(unit.execute(Commits.forgetting), unit.execute(Commits.beginning, [[name]]))
    // A commit that is noted outlasts no crash without this one, which came before it.
    return Effect.flatMap(this.attempt(naming, "in portions", link), () => {
      link.name = name
      return this.#next(link)
    })
  }
}

/** Returns what sends the beginning of a transaction, for which nobody waits. */
const beginning = (settings: Readonly<Record<string, string>>) => {
  const names = Object.keys(settings)
  const setting = `SELECT ${names.map((name) => `set_config('${name}', ?, true)`).join(", ")}`
  const values = Object.values(settings)
  return (unit: Unit, { isPooled }: Pool.Link, durability: Durability) => {
    const begin = unit.send("BEGIN")
    const set = isPooled ? Effect.andThen(begin, unit.send(setting, [values])) : begin
    // What a crash brings back then was to be deleted, or thinned, anyway.
    return durability === "in portions"
      ? Effect.andThen(set, unit.send("SET LOCAL synchronous_commit = off"))
      : set
  }
}
