/** Streamed answers of one server while they are sent, each as fast as its client reads it (back-pressure). */
import type { ServerResponse } from "node:http"

/** The media type of server-sent events, whose streams do not end by themselves. */
const eventStream = /^text\/event-stream\b/i

/** The streams of one server. */
export class Streams {
  /** Functions that end the open event streams, by response. */
  readonly #events = new Map<ServerResponse, () => void>()
  #isStopping = false

  /**
   * Sends `chunks` as the body of a response whose head was written, and ends it. Asks the producer for the next
   * chunk when the client can take it, and calls its `return` as soon as the client disconnects. When the producer
   * fails, the connection is reset, so that the client does not take half an answer for a whole one.
   */
  send(response: ServerResponse, chunks: AsyncIterable<Uint8Array>, type: string | undefined): void {
    // A pipelined response waits for the one before it: until then it has no socket, and no close event.
    if (response.socket === null) {
      response.once("socket", () => this.#start(response, chunks, type))
    } else {
      this.#start(response, chunks, type)
    }
  }

  /** Ends event streams, whose clients reconnect by themselves. Other streams go on to their end. */
  stop(): void {
    this.#isStopping = true
    for (const end of this.#events.values()) end()
  }

  #start(response: ServerResponse, chunks: AsyncIterable<Uint8Array>, type: string | undefined): void {
    const { socket } = response
    const pump = new Pump(response, chunks)
    response.once("finish", () => {
      // The head was sent before the server began to stop: the client expects the connection to be kept alive.
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

/** Moves chunks from one producer to one response. */
class Pump {
  readonly #response: ServerResponse
  readonly #iterator: AsyncIterator<Uint8Array>
  #isOver = false
  #proceed = (): void => undefined

  constructor(response: ServerResponse, chunks: AsyncIterable<Uint8Array>) {
    this.#response = response
    this.#iterator = chunks[Symbol.asyncIterator]()
  }

  /**
   * Resolves when the stream is over. Rejects when the producer fails, or does not send as many bytes as Content-
   * Length says.
   */
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

  /**
   * Calls the producer's `return`, unless it has finished. Errors in that are ignored: there is nobody left to tell.
   */
  dismiss(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#proceed()
    const returned = async (): Promise<unknown> => this.#iterator.return?.()
    returned().catch(() => undefined)
  }
}
