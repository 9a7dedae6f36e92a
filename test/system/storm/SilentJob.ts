/** A job that falls silent on purpose, again and again, and watches how soon somebody is told. */
import { setTimeout } from "node:timers/promises"
import type { Receiver } from "../../kit/Receiver.ts"

/** The job and its check. Lengths are in milliseconds. */
export interface SilentJob {
  readonly url: string
  readonly slug: string
  readonly period: number
  readonly grace: number
}

/** A silence. */
export interface Silence {
  readonly slug: string
  /** Milliseconds from the deadline to the arrival of the alert; `undefined` when none arrived. */
  readonly after: number | undefined
}

/** What the good channel was told, and when: the paths that it was asked for. */
export class Told {
  readonly #waiting = new Map<string, (at: number) => void>()

  /** To be called when something arrives. */
  note = ({ url }: Pick<Receiver["received"][number], "url">): void => {
    this.#waiting.get(url)?.(Date.now())
  }

  /** Resolves with the instant at which a path is asked for next; `undefined` when it is not within `patience`. */
  next(path: string, patience: number): Promise<number | undefined> {
    const stop = new AbortController()
    const arrived = new Promise<number>((resolve) => this.#waiting.set(path, resolve))
    const late = setTimeout(patience, undefined, { signal: stop.signal }).catch(() => undefined)
    return Promise.race([arrived, late]).finally(() => {
      stop.abort()
      this.#waiting.delete(path)
    })
  }
}

/** How long an alert is waited for after its deadline. */
const patience = 60_000
/** Between a silence and the next. */
const rest = 3_000

/** Falls silent until it is told to stop. A silence that has begun is waited for. */
export const run = async (
  { url, slug, period, grace }: SilentJob,
  told: Told,
  { stop, note }: { readonly stop: AbortSignal; readonly note: (silence: Silence) => void },
): Promise<void> => {
  while (!stop.aborted) {
    const deadline = Date.now() + period + grace
    const alert = told.next(`/down/${slug}`, period + grace + patience)
    const answer = await fetch(url).catch(() => undefined)
    await answer?.body?.cancel()
    const at = await alert
    note({ slug, after: at === undefined ? undefined : at - deadline })
    await setTimeout(rest, undefined, { signal: stop }).catch(() => undefined)
  }
}
