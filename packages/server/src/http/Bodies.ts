/** Request bodies of one server while they are read: each has a limit, and all together have one. */
import type { IncomingMessage } from "node:http"
import { BodyTooLarge, longestBody, text, type Body, type Outbound, type TextOutbound } from "./Http.ts"
import * as TryAgain from "./TryAgain.ts"

/** Bytes of memory that all bodies may take together. */
const together = 256 * 1024 * 1024

/** Answers a request whose body is longer than `longestBody`. */
export const tooLarge = text(413, new BodyTooLarge().message)
const tooBusy = text(503, TryAgain.sentence("too many requests at once"), TryAgain.headers)

/** Whether a request has a body (RFC 9112 §6.3). */
export const isPresent = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined ||
  (headers["content-length"] !== undefined && headers["content-length"] !== "0")

/** Whether the Content-Length alone says that the body is too large. */
export const isAnnouncedTooLarge = ({ headers }: IncomingMessage): boolean =>
  headers["content-length"] !== undefined && Number(headers["content-length"]) > longestBody

/** The bodies that one server is reading. */
export class Bodies {
  #free: number

  constructor(bytes = together) {
    this.#free = bytes
  }

  /**
   * Resolves with the first `limit` bytes of a body, as `Inbound.body` describes. When the body is not read to its end,
   * `refuse` has answered the request by then, so that the route need not.
   */
  read(request: IncomingMessage, limit: number, refuse: (refusal: Outbound) => void): Promise<Body> {
    return new Promise((resolve, reject) => {
      const kept: Uint8Array[] = []
      let size = 0
      let held = 0
      const take = (chunk: Buffer): void => {
        if (size < limit) {
          // A subarray keeps the memory of its whole chunk.
          held += chunk.length
          this.#free -= chunk.length
          kept.push(chunk.subarray(0, limit - size))
        }
        size += chunk.length
        if (size > longestBody) stop(tooLarge)
        else if (this.#free < 0) stop(tooBusy)
      }
      const stop = (refusal: TextOutbound): void => {
        request.off("data", take)
        kept.length = 0
        refuse(refusal)
        reject(refusal === tooLarge ? new BodyTooLarge() : new Error(refusal.body))
      }
      request.on("data", take)
      request.on("end", () => {
        resolve({ bytes: kept.length === 1 ? kept[0]! : Buffer.concat(kept), isCut: size > limit })
      })
      request.on("error", reject)
      request.on("close", () => {
        this.#free += held
        reject(new Error("the sender went away"))
      })
    })
  }
}
