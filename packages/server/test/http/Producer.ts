/** A stream whose chunks a test gives out by hand, and which tells what becomes of it. */
import type { BodyStream } from "@overdue/server/http/Http"

export class Producer implements BodyStream {
  /** How often it was asked for a chunk, and told that nobody wants more. */
  asked = 0
  returned = 0
  readonly #given: (string | Error | undefined)[] = []
  readonly #waiting: ((given: string | Error | undefined) => void)[] = []
  readonly #started = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<void>()

  /** Resolves once it is asked for its first chunk. */
  readonly started = this.#started.promise
  /** Resolves once it is told that nobody wants more. */
  readonly ended = this.#ended.promise

  /** Gives the next chunk; an error fails, `undefined` is the end. */
  give(given: string | Error | undefined): void {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#given.push(given)
    else waiting(given)
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: async () => {
        this.asked += 1
        this.#started.resolve()
        const given = this.#given.length > 0 ? this.#given.shift() : await this.#next()
        if (given instanceof Error) throw given
        return given === undefined
          ? { done: true, value: undefined }
          : { done: false, value: new TextEncoder().encode(given) }
      },
      return: async () => {
        this.returned += 1
        this.#ended.resolve()
        return { done: true, value: undefined }
      },
    }
  }

  #next(): Promise<string | Error | undefined> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
