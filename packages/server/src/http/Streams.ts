/** Streamed answers on their way out, each only as fast as its client takes it. */
import type { ServerResponse } from "node:http"

/** The type whose streams never end by themselves (HTML, server-sent events). */
const eventStream = /^text\/event-stream\b/i

/** The streams of one server, so that it can stop. */
export class Streams {
  /** Ends the event streams that are open, by their responses. */
  readonly #events = new Map<ServerResponse, () => void>()
  #isStopping = false

  /**
   * Sends `chunks` after a head that has been written, and ends the response. The producer is asked for the next chunk
   * when the client has room for it, and told through `return` as soon as the client goes away. When the producer fails,
   * the connection is reset: a client must not take half an answer for all of it.
   */
  send(response: ServerResponse, chunks: AsyncIterable<Uint8Array>, type: string | undefined): void {
    // A response that waits for the one before it on its connection has no socket, and hears of no close.
    if (response.socket === null) {
      response.once("socket", () => this.#start(response, chunks, type))
    } else {
      this.#start(response, chunks, type)
    }
  }

  /** Ends event streams, which go on for as long as they are let; their clients reconnect. Others go on to their end. */
  stop(): void {
    this.#isStopping = true
    for (const end of this.#events.values()) end()
  }

  #start(response: ServerResponse, chunks: AsyncIterable<Uint8Array>, type: string | undefined): void {
    const { socket } = response
    const pump = new Pump(response, chunks)
    response.once("finish", () => {
      // Its head promised to keep the connection, which would hold up a server that stops.
      if (this.#isStopping) socket?.destroySoon()
    })
    response.once("close", () => {
      this.#events.delete(response)
      pump.dismiss()
    })
    if (type !== undefined && eventStream.test(type)) {
      const end = (): void => {
        pump.dismiss()
        response.end()
      }
      if (this.#isStopping) return end()
      this.#events.set(response, end)
    }
    pump.run().catch(() => socket?.resetAndDestroy())
  }
}

/** Moves chunks from a producer to a response. */
class Pump {
  readonly #response: ServerResponse
  readonly #iterator: AsyncIterator<Uint8Array>
  #isOver = false
  #proceed = (): void => undefined

  constructor(response: ServerResponse, chunks: AsyncIterable<Uint8Array>) {
    this.#response = response
    this.#iterator = chunks[Symbol.asyncIterator]()
  }

  /** Ends with the producer. Rejects when it fails, or does not keep to the response's Content-Length. */
  async run(): Promise<void> {
    const response = this.#response.on("drain", () => this.#proceed())
    try {
      while (!this.#isOver) {
        const next = await this.#iterator.next()
        if (this.#isOver) return
        if (next.done === true) {
          this.#isOver = true
          response.end()
        } else if (!response.write(next.value)) {
          await new Promise<void>((resolve) => (this.#proceed = resolve))
        }
      }
    } catch (error) {
      this.dismiss()
      throw error
    }
  }

  /** Tells the producer, unless it has come to its end, that nobody wants more. How it takes that is its own affair. */
  dismiss(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#proceed()
    const returned = async (): Promise<unknown> => this.#iterator.return?.()
    returned().catch(() => undefined)
  }
}
