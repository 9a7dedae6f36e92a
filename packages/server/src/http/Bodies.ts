/** Bodies of requests on their way in, bounded each and all together. */
import type { IncomingMessage } from "node:http"
import { longestBody, text, type Body, type Outbound, type TextOutbound } from "./Http.ts"

/** Bytes of memory that they may take together. */
const together = 256 * 1024 * 1024

export const tooLarge = text(413, "the body is too large")
const tooBusy = text(503, "too many requests at once", { "retry-after": "5" })

export const isPresent = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined ||
  (headers["content-length"] !== undefined && headers["content-length"] !== "0")

/** Whether there is no need to read a body to know that nobody will. */
export const isAnnouncedTooLarge = ({ headers }: IncomingMessage): boolean =>
  headers["content-length"] !== undefined && Number(headers["content-length"]) > longestBody

export class Bodies {
  #free: number

  constructor(bytes = together) {
    this.#free = bytes
  }

  /**
   * The first `limit` bytes of a body, as `Inbound` says. `refuse` answers a request whose body is not read to its end,
   * whatever its route makes of the rejection.
   */
  read(request: IncomingMessage, limit: number, refuse: (refusal: Outbound) => void): Promise<Body> {
    return new Promise((resolve, reject) => {
      const kept: Uint8Array[] = []
      let size = 0
      let held = 0
      const take = (chunk: Buffer): void => {
        if (size < limit) {
          // A part of a chunk keeps all of it in memory.
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
        reject(new RangeError(refusal.body))
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
