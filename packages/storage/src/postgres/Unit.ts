/** A unit of work on one session: statements on their way, and how they end. */
import { StoreError } from "@overdue/core/Store"
import type { PgConnection } from "@effect/sql-pg/PgConnection"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { SqlError } from "effect/sql/SqlError"
import type { Transaction } from "../Connection.ts"
import * as Failure from "./Failure.ts"
import * as MachineClock from "./MachineClock.ts"
import type * as Pool from "./Pool.ts"
import * as Spelling from "./Spelling.ts"
import * as Together from "./Together.ts"

/** Statements of one list that are on their way together. */
const atOnce = 64

/**
 * What is begun is on its way when the next is begun: they run in this order. Not as children of the fiber, which keeps those
 * in a `Set`: see `Bag`. A unit of work is not interrupted, and waits for all that it has begun.
 */
const here = { startImmediately: true } as const

type Parameters = Spelling.Spelled["runs"][number]

/** Statements on a session that is used by nobody else, in a transaction or each by itself. */
export class Unit implements Transaction {
  readonly #link: Pool.Link
  readonly #place: string
  /** Statements that are to be sent together, before any other. */
  #held: Together.Once[] = []
  /** Statements that were sent and not waited for. */
  #sent: Fiber.Fiber<unknown, StoreError>[] = []

  constructor(link: Pool.Link, place: string) {
    this.#link = link
    this.#place = place
  }

  readonly query: Transaction["query"] = (statement, each) => {
    const { text, runs } = Spelling.spell(statement, each)
    return Effect.map(
      this.#each(runs, (connection, parameters) => connection.queryValues(text, parameters)),
      (found) => Spelling.values(found.length === 1 ? found[0]! : found.flat()),
    )
  }

  readonly execute: Transaction["execute"] = (statement, each) => {
    const { text, runs } = Spelling.spell(statement, each)
    return Effect.map(
      this.#each(runs, (connection, parameters) => connection.query(text, parameters)),
      (results) => results.reduce((sum, { rowCount }) => sum + rowCount, 0),
    )
  }

  readonly ahead: Transaction["ahead"] = (statement, each) =>
    Effect.map(Effect.forkDetach(this.query(statement, each), here), Fiber.join)

  readonly send: Transaction["send"] = (statement, each) =>
    Effect.suspend(() => {
      if (typeof statement === "string" || statement.isApart !== true)
        return this.#sending(this.execute(statement, each))
      const { text, runs } = Spelling.spell(statement, each)
      for (const parameters of runs) this.hold({ text, parameters })
      return Effect.void
    })

  /** Sends a statement that is apart from all others, with the next of them. */
  hold(statement: Together.Once): void {
    this.#held.push(statement)
  }

  #sending(statement: Effect.Effect<unknown, StoreError>): Effect.Effect<void> {
    return Effect.map(Effect.forkDetach(statement, here), (fiber) => {
      this.#sent.push(fiber)
    })
  }

  /** Sends what is held. */
  readonly #release: Effect.Effect<void> = Effect.suspend(() => {
    if (this.#held.length === 0) return Effect.void
    const { text, parameters } = Together.together(this.#held)
    this.#held = []
    return this.#sending(this.#run((connection) => connection.query(text, parameters)))
  })

  /**
   * Commits what was sent. Succeeds with the failure, whose reason is `unknown-outcome` when the connection broke before
   * anybody said what became of it.
   */
  readonly commit: Effect.Effect<StoreError | undefined> = Effect.suspend(() =>
    Effect.andThen(this.#release, this.#commit),
  )

  readonly #commit: Effect.Effect<StoreError | undefined> = Effect.suspend(() => {
    const sent = this.#sent
    this.#sent = []
    return Effect.flatMap(Effect.exit(this.#run((connection) => connection.query("COMMIT"), true)), (exit) =>
      Effect.map(Fiber.awaitAll(sent), (exits) => this.#outcome(exit, exits)),
    )
  })

  #outcome(
    commit: Exit.Exit<{ readonly command: string }, StoreError>,
    sent: readonly Exit.Exit<unknown, StoreError>[],
  ): StoreError | undefined {
    const refused = firstFailure(sent)
    const failed = failureOf(commit)
    // A statement that was refused takes the transaction back, whatever became of the connection after it.
    if (refused !== undefined && !isBroken(refused)) return refused
    if (failed !== undefined) return failed
    if (refused !== undefined) return refused
    return Exit.isSuccess(commit) && commit.value.command === "COMMIT" ? undefined : takenBack(this.#place)
  }

  /**
   * Takes back what was sent; a session on which that fails is not used again. Succeeds with why a statement that nobody
   * waited for was refused: then all after it were, and not for what they are.
   */
  readonly rollback: Effect.Effect<StoreError | undefined> = Effect.suspend(() => {
    const sent = this.#sent
    this.#sent = []
    this.#held = []
    return Effect.flatMap(Effect.exit(this.#run((connection) => connection.query("ROLLBACK"))), (exit) => {
      if (Exit.isFailure(exit)) this.#link.isBroken = true
      return Effect.map(Fiber.awaitAll(sent), firstFailure)
    })
  })

  /** Runs once for each list of parameters. */
  #each<A>(
    runs: readonly Parameters[],
    work: (connection: PgConnection, parameters: Parameters) => Effect.Effect<A, SqlError>,
  ): Effect.Effect<readonly A[], StoreError> {
    const run = (parameters: Parameters) => this.#run((connection) => work(connection, parameters))
    // Most statements run once, which a loop would make dearer.
    const all =
      runs.length === 1
        ? Effect.map(run(runs[0]!), (result) => [result])
        : Effect.forEach(runs, run, { concurrency: atOnce })
    return Effect.andThen(this.#release, all)
  }

  #run<A>(
    work: (connection: PgConnection) => Effect.Effect<A, SqlError>,
    isCommit: boolean = false,
  ): Effect.Effect<A, StoreError> {
    this.#link.since = MachineClock.now()
    return Effect.mapError(work(this.#link.connection), (error) => {
      const failure = Failure.translate(error, this.#place, isCommit)
      if (isBroken(failure)) this.#link.isBroken = true
      return failure
    })
  }
}

const isBroken = ({ reason }: StoreError): boolean => reason === "unavailable" || reason === "unknown-outcome"

const firstFailure = (exits: readonly Exit.Exit<unknown, StoreError>[]): StoreError | undefined =>
  exits.map(failureOf).find((failure) => failure !== undefined)

const failureOf = (exit: Exit.Exit<unknown, StoreError>): StoreError | undefined => {
  if (Exit.isSuccess(exit)) return undefined
  const found = Exit.findErrorOption(exit)
  return found._tag === "Some"
    ? found.value
    : new StoreError({ reason: "failed", detail: "a statement broke", cause: exit.cause })
}

const takenBack = (place: string): StoreError =>
  new StoreError({ reason: "failed", detail: `${place} took a transaction back without a reason.` })
