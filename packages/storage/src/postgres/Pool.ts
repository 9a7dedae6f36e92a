/**
 * The open sessions of a database. Not Effect's `Pool`: whoever waits for a session waits for a bounded time, a session that
 * answers nothing is ended, and an operator wants to know how many there are.
 */
import * as Bag from "@overdue/core/Bag"
import type { Usage } from "@overdue/core/Connections"
import { StoreError } from "@overdue/core/Store"
import { minute, second, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as MachineClock from "./MachineClock.ts"
import type { Session } from "./Session.ts"

/** A session that is used by one at a time. */
export interface Link extends Session {
  /** Since when an answer is awaited, or the last use ended, by the machine's clock. */
  since: Span
  /** Not to be used again. */
  isBroken: boolean
  /** Which commits of it are noted, by this name; `undefined`: none are. */
  name: string | undefined
  /** How many transactions it has had. */
  transactions: number
}

/** Returns a session that nobody has used. */
export const linkOf = (session: Session): Link => ({
  ...session,
  since: 0,
  isBroken: false,
  name: undefined,
  transactions: 0,
})

/** What a pool is made of. */
export interface Ingredients {
  readonly open: Effect.Effect<Session, StoreError>
  readonly most: number
  /** Begins the sentence that says that all are in use. */
  readonly place: string
  /** How long to wait for one. */
  readonly patience: Span
  /** How long an answer may take; longer than the server lets a statement take. */
  readonly answerWithin: Span
}

/** How long a session may be idle before it is closed. */
const idleFor: Span = minute

/** How often it is looked which are idle, or await an answer for too long. */
const lookEvery: Span = second

/** Sessions, opened as they are needed. */
export class Pool {
  readonly #given: Ingredients
  /** The last used comes first, so that those that are not needed become idle. */
  readonly #idle: Link[] = []
  readonly #busy = new Bag.Bag<Link>()
  readonly #waiting = new Set<() => void>()
  /** Those that are being opened, too. */
  #open = 0
  #isClosed = false

  constructor(given: Ingredients) {
    this.#given = given
  }

  /** Returns how many there are. */
  get figures(): Usage {
    return { busy: this.#busy.size, idle: this.#idle.length, waiting: this.#waiting.size }
  }

  /** Uses a session alone. To be run uninterruptibly; waiting for the session is bounded. */
  use<A>(work: (link: Link) => Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> {
    return Effect.flatMap(this.#take, (link) => {
      const place = this.#begin(link)
      return Effect.onExit(work(link), () => {
        this.#busy.remove(place)
        this.#give(link)
        return Effect.void
      })
    })
  }

  /** Ends idle sessions, and those that await an answer for too long, as long as the pool is open. */
  readonly watch: Effect.Effect<void> = Effect.suspend(() => {
    const now = MachineClock.now()
    const stale = this.#idle.filter(({ since }) => now - since > idleFor)
    for (const link of stale) this.#idle.splice(this.#idle.indexOf(link), 1)
    this.#open -= stale.length
    const stuck = [...this.#busy].filter(({ since }) => now - since > this.#given.answerWithin)
    for (const link of stuck) link.isBroken = true
    return Effect.forEach([...stale, ...stuck], ({ close }) => close, { discard: true })
  }).pipe(Effect.andThen(Effect.sleep(lookEvery)), Effect.forever, MachineClock.by)

  /** Closes all sessions. */
  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    this.#isClosed = true
    for (const wake of this.#waiting) wake()
    return Effect.forEach([...this.#idle, ...this.#busy], ({ close }) => close, { discard: true })
  })

  readonly #take: Effect.Effect<Link, StoreError> = Effect.suspend(() => {
    if (this.#isClosed) return Effect.fail(closed(this.#given.place))
    const link = this.#idle.pop()
    if (link !== undefined) return Effect.succeed(link)
    return this.#open < this.#given.most ? this.#openOne : this.#wait
  })

  readonly #openOne: Effect.Effect<Link, StoreError> = Effect.suspend(() => {
    this.#open += 1
    return MachineClock.by(this.#given.open).pipe(
      Effect.onError(() => Effect.sync(() => this.#freed())),
      Effect.map(linkOf),
    )
  })

  readonly #wait: Effect.Effect<Link, StoreError> = Effect.suspend(() =>
    Effect.callback<void>((resume) => {
      const wake = (): void => {
        this.#waiting.delete(wake)
        resume(Effect.void)
      }
      this.#waiting.add(wake)
      return Effect.sync(() => this.#waiting.delete(wake))
    }).pipe(
      Effect.interruptible,
      Effect.timeoutOrElse({
        duration: this.#given.patience,
        orElse: () => Effect.fail(exhausted(this.#given)),
      }),
      MachineClock.by,
      Effect.andThen(this.#take),
    ),
  )

  #begin(link: Link): Bag.Place<Link> {
    link.since = MachineClock.now()
    return this.#busy.add(link)
  }

  #give(link: Link): void {
    if (link.isBroken || this.#isClosed) {
      // What has ended one has most likely ended all.
      for (const one of [link, ...this.#idle.splice(0)]) {
        Effect.runFork(one.close)
        this.#freed()
      }
      return
    }
    link.since = MachineClock.now()
    this.#idle.push(link)
    this.#wake()
  }

  #freed(): void {
    this.#open -= 1
    this.#wake()
  }

  #wake(): void {
    const [first] = this.#waiting
    first?.()
  }
}

const closed = (place: string): StoreError =>
  new StoreError({ reason: "closed", detail: `${place} was closed by this process, which is about to end.` })

const exhausted = ({ place, most, patience }: Ingredients): StoreError =>
  new StoreError({
    reason: "busy",
    detail: `${place} is used by all ${most} connections that this process may have, and none was free within ${patience / second} s. Raise pool_size, or look what takes so long.`,
  })
