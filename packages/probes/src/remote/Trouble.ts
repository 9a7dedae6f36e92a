/** Why a server did not take what a prober elsewhere sent. */
import type { Span } from "@overdue/core/Time"
import * as Schema from "effect/Schema"
import * as Limits from "../Limits.ts"

/** The server is away or refuses; `why` is for the log. */
export class Trouble extends Schema.TaggedError<Trouble>()("Trouble", {
  why: Schema.String,
  /** Whether it refused what was sent for good, so that the same is not sent again. */
  isFinal: Schema.Boolean,
  /** For how many milliseconds it asks to be left alone. */
  pause: Schema.optionalKey(Schema.Number),
}) {
  override get message(): string {
    return this.why
  }
}

/** An answer of HTTP. */
export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly text: string
}

/** Returns what keeps a request from being sent, or answered in time. */
export const ofError = (error: unknown): Trouble => {
  const why =
    error instanceof Error && error.name === "TimeoutError"
      ? "it does not answer in time"
      : `it cannot be reached (${codeOf(error)})`
  return new Trouble({ why, isFinal: false })
}

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return "code" in error && typeof error.code === "string" ? error.code : error.message
}

/** Returns the trouble that an answer tells of; `undefined` when it is a success. */
export const ofAnswer = ({ status, retryAfter, text }: Answer): Trouble | undefined => {
  const trouble = (why: string, isFinal = false, pause?: Span) =>
    new Trouble({ why, isFinal, ...(pause !== undefined && { pause }) })
  if (status >= 200 && status < 300) return undefined
  switch (status) {
    case 401:
    case 403:
      return trouble(`it does not accept the key (${status})`)
    case 404:
    case 405:
      return trouble(
        `it has no work for probers (${status}): is --url its address, and is it as new as this program?`,
      )
    case 400:
    case 413:
      return trouble(`it refuses what it is sent (${status}): ${sentence(text)}`, true)
  }
  return trouble(
    status === 429 ? "it is asked too often for its --api-rate (429)" : `it answers ${status}`,
    false,
    pauseOf(retryAfter),
  )
}

/** What answers is no server of Overdue. */
export const stranger = (): Trouble =>
  new Trouble({ why: "what answers at --url is no server of Overdue", isFinal: false })

/** Returns what an answer says, on one line that a terminal does not obey. */
const sentence = (text: string): string => {
  const [, quoted = text] = /"error": ?"((?:[^"\\]|\\.)*)"/.exec(text) ?? []
  return quoted
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .trim()
    .slice(0, 300)
}

const pauseOf = (text: string | undefined): Span | undefined =>
  text !== undefined && /^\d+$/.test(text.trim())
    ? Math.min(Number(text) * 1000, Limits.retryAfter)
    : undefined
