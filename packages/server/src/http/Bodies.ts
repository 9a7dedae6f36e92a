/** Request bodies of one server while they are read: each has a limit, and all together have one. */
import type { IncomingMessage } from "node:http"
import { BodyTooLarge, longestBody, text, type Body, type Outbound } from "./Http.ts"
import * as Intake from "./Intake.ts"
import * as TryAgain from "./TryAgain.ts"

/** Bytes of memory that all bodies may take together. */
const together = 256 * 1024 * 1024

/** Bytes that those of them may take whose senders have not shown that they know a key. */
const ofStrangers = 64 * 1024 * 1024

/** Answers a request whose body is longer than `longestBody`. */
export const tooLarge = text(413, new BodyTooLarge().message)
const tooBusy = text(503, TryAgain.sentence("too many requests at once"), TryAgain.headers)
const tooManyPieces = text(
  503,
  TryAgain.sentence(
    "the body comes in more small pieces than the server takes at once: send fewer, larger ones",
  ),
  TryAgain.headers,
)

/** Why each of them is refused. */
const reasons = new Map([
  [tooBusy, "request bodies took all the memory that they may take"],
  [tooManyPieces, "their requests came in more small pieces than the server takes at once"],
])

/** Whether a request has a body (RFC 9112 §6.3). */
export const isPresent = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined ||
  (headers["content-length"] !== undefined && headers["content-length"] !== "0")

/** Whether the Content-Length alone says that the body is too large. */
export const isAnnouncedTooLarge = ({ headers }: IncomingMessage): boolean =>
  headers["content-length"] !== undefined && Number(headers["content-length"]) > longestBody

/** How a body is read. */
export interface Reading {
  /** The bytes that are kept. */
  readonly limit: number
  /** The sender has shown a key, or pings a check that there is. */
  readonly isKnown: boolean
  /** Answers the request when the body is not read to its end, so that the route need not. */
  readonly refuse: (refusal: Outbound) => void
}

/** What all bodies may take. */
export interface Room {
  readonly bytes?: number
  /** The part of it for those whose senders have not shown that they know a key. */
  readonly strangers?: number
  /** Is told of each request that is refused because it would take too much, and why. */
  readonly turnAway?: (why: string) => void
}

/**
 * The bodies that one server is reading. Each takes its room before it arrives, so that none has to be given up half way
 * because of others; and strangers leave most of the memory to clients.
 */
export class Bodies {
  #free: number
  #freeToStrangers: number
  /** How the reading of a request's body is ended; `undefined` for one that is not being read, and will not be. */
  readonly #endings = new WeakMap<IncomingMessage, ((refusal: typeof tooBusy) => void) | undefined>()

  readonly #turnAway: (why: string) => void

  constructor({
    bytes = together,
    strangers = Math.min(bytes, ofStrangers),
    turnAway = () => {},
  }: Room = {}) {
    this.#turnAway = turnAway
    this.#free = bytes
    this.#freeToStrangers = strangers
  }

  /** Whether the next body of a stranger, with `limit` bytes to keep, would be refused. */
  isCrowded(limit: number): boolean {
    return this.#freeTo(false) < limit
  }

  /** Has a request refused whose body comes in too many pieces, and whose rest is lost. */
  cutOff(request: IncomingMessage): void {
    const end = this.#endings.get(request)
    this.#endings.set(request, undefined)
    end?.(tooManyPieces)
  }

  /** Resolves with the first `limit` bytes of a body, as `Inbound.body` describes. */
  read(request: IncomingMessage, { limit, isKnown, refuse }: Reading): Promise<Body> {
    return new Promise((resolve, reject) => {
      const length = Number(request.headers["content-length"] ?? Infinity)
      const room = Math.min(limit, length)
      const take = (bytes: number): void => {
        this.#free -= bytes
        if (!isKnown) this.#freeToStrangers -= bytes
      }
      const end = (refusal: typeof tooBusy): void => {
        this.#turnAway(reasons.get(refusal)!) // safe because each has one
        refuse(refusal)
        reject(new Error(refusal.body))
      }
      if (this.#endings.has(request)) return end(tooManyPieces)
      if (room > this.#freeTo(isKnown)) return end(tooBusy)
      this.#endings.set(request, end)
      take(room)
      const beginning = new Beginning(room)
      let size = 0
      const keep = (chunk: Buffer): void => {
        beginning.add(chunk)
        size += chunk.length
        if (size <= longestBody) return Intake.count(request, chunk.length, length - size)
        request.off("data", keep)
        refuse(tooLarge)
        reject(new BodyTooLarge())
      }
      request.on("data", keep)
      request.on("end", () => resolve({ bytes: beginning.bytes(), isCut: size > limit }))
      request.on("error", reject)
      request.on("close", () => {
        take(-room)
        // To make an error costs as much as to read a short body.
        if (!request.readableEnded) reject(new Error("the sender went away"))
      })
    })
  }

  /** Returns the bytes that the next body may take. */
  #freeTo(isKnown: boolean): number {
    return isKnown ? this.#free : Math.min(this.#free, this.#freeToStrangers)
  }
}

/** The beginning of a body: one piece of memory, however many pieces it arrives in. */
class Beginning {
  readonly #room: number
  #kept: Buffer = nothing
  #size = 0

  constructor(room: number) {
    this.#room = room
  }

  add(chunk: Buffer): void {
    if (this.#size === this.#room) return
    const wanted = chunk.subarray(0, this.#room - this.#size)
    // Most bodies arrive whole, and are not copied. A part would keep the memory of its whole chunk.
    if (this.#size === 0 && wanted.length === chunk.length) this.#kept = chunk
    else {
      if (this.#kept.length < this.#room) {
        const kept = this.#kept
        this.#kept = Buffer.allocUnsafeSlow(this.#room)
        kept.copy(this.#kept)
      }
      wanted.copy(this.#kept, this.#size)
    }
    this.#size += wanted.length
  }

  bytes(): Uint8Array {
    return this.#kept.subarray(0, this.#size)
  }
}

const nothing = Buffer.alloc(0)
