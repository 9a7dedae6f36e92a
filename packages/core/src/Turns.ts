/**
 * Turns: which deliveries are sent next, so that no channel, project or receiver that hangs holds up the others. Each has
 * a share of what is sent at once, and channels take turns.
 */
import type { Channel } from "./Channel.ts"
import * as Limits from "./Limits.ts"
import type { Instant } from "./Time.ts"

/** Where a delivery goes. */
export interface Route {
  readonly channel: string | number
  /** The project of the channel. */
  readonly project: string | number
  /** Whether the channel fails. */
  readonly isFailing: boolean
  /** Whether it is known to work: it was told something a moment ago. */
  readonly isProven: boolean
}

/** Returns what is known at `now` of a channel that was last told something then, and has been failing since then. */
export const knownOf = (
  { lastSuccess, failingSince }: Pick<Channel, "lastSuccess" | "failingSince">,
  now: Instant,
): Pick<Route, "isFailing" | "isProven"> => {
  const isFailing = failingSince !== undefined
  const isProven = !isFailing && lastSuccess !== undefined && Math.abs(now - lastSuccess) < Limits.provenFor
  return { isFailing, isProven }
}

/** Whether an attempt that began at an instant, and has not ended at `now`, is slow. */
export const isSlow = (begunAt: Instant, now: Instant): boolean => now - begunAt >= Limits.slowAfter

/** Returns how many more may be sent of `most` at the same time, while `all` are being sent, and `slow` of them are slow. */
export const places = (most: number, all: number, slow: number): number =>
  Math.min(most - (all - slow), Limits.slowTimes * most - all)

/** A delivery that may be sent. */
export interface Waiting extends Route {
  readonly dueAt: Instant
  /** Its place among all deliveries, in order of creation. */
  readonly n: number
}

/**
 * What is being sent: how much to each channel, of each project, to channels of each that are known to work, and to
 * channels that fail, of each project and of all.
 */
export class UnderWay {
  readonly #ofChannel = new Map<Route["channel"], number>()
  readonly #ofProject = new Map<Route["project"], number>()
  readonly #slowOf = new Map<Route["project"], number>()
  readonly #toFailingOf = new Map<Route["project"], number>()
  readonly #toProvenOf = new Map<Route["project"], number>()
  #toFailing = 0

  /** Adds deliveries that are being sent, of which some are slow (`isSlow`). */
  add({ channel, project, isFailing, isProven }: Route, count: number = 1, slow: number = 0): void {
    this.#slowOf.set(project, (this.#slowOf.get(project) ?? 0) + slow)
    this.#ofChannel.set(channel, this.to(channel) + count)
    this.#ofProject.set(project, (this.#ofProject.get(project) ?? 0) + count)
    if (isProven) this.#toProvenOf.set(project, (this.#toProvenOf.get(project) ?? 0) + count)
    if (!isFailing) return
    this.#toFailingOf.set(project, (this.#toFailingOf.get(project) ?? 0) + count)
    this.#toFailing += count
  }

  /** Returns how many deliveries are being sent to a channel. */
  to(channel: Route["channel"]): number {
    return this.#ofChannel.get(channel) ?? 0
  }

  /** Returns how many more may be sent on a route. */
  room({ channel, project, isFailing, isProven }: Route): number {
    const all = this.#ofProject.get(project) ?? 0
    const slow = this.#slowOf.get(project) ?? 0
    const ofProject = Math.max(
      places(Limits.deliveriesPerProject, all, slow),
      isProven ? Limits.deliveriesToProvenOfProject - (this.#toProvenOf.get(project) ?? 0) : 0,
    )
    if (!isFailing) return Math.min(Limits.deliveriesPerChannel - this.to(channel), ofProject)
    return Math.min(
      Limits.deliveriesToFailing - this.to(channel),
      Limits.deliveriesToFailingOfProject - (this.#toFailingOf.get(project) ?? 0),
      Limits.deliveriesToAllFailing - this.#toFailing,
      ofProject,
    )
  }
}

/**
 * Returns which of the waiting deliveries are sent next, at most `limit`, and adds them to what is under way. Of each
 * channel they are the oldest; channels to which the least is being sent come first.
 */
export const choose = <A extends Waiting>(
  waiting: readonly A[],
  underWay: UnderWay,
  limit: number,
): readonly A[] => {
  const places = new Map<Route["channel"], number>()
  const inTurn = waiting
    .toSorted(byAge)
    .map((one) => {
      const turn = places.get(one.channel) ?? underWay.to(one.channel)
      places.set(one.channel, turn + 1)
      return { one, turn }
    })
    .toSorted((a, b) => a.turn - b.turn || byAge(a.one, b.one))
  const chosen: A[] = []
  for (const { one } of inTurn) {
    if (chosen.length >= limit) break
    if (underWay.room(one) <= 0) continue
    underWay.add(one)
    chosen.push(one)
  }
  return chosen
}

const byAge = (a: Waiting, b: Waiting): number => a.dueAt - b.dueAt || a.n - b.n
