/** Why a server did not take what a prober elsewhere sent. */
import * as RetryAfter from "@overdue/core/RetryAfter"
import type { Instant, Span } from "@overdue/core/Time"
import * as Schema from "effect/Schema"
import * as HttpAnswer from "../HttpAnswer.ts"
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

/** Returns what keeps a request from being sent, or answered in time. */
export const ofError = (error: unknown): Trouble =>
  new Trouble({ why: `it ${HttpAnswer.unanswered(error)}`, isFinal: false })

/** Returns the trouble that an answer at `now` tells of; `undefined` when it is a success. */
export const ofAnswer = (
  { status, retryAfter, text }: HttpAnswer.HttpAnswer,
  now: Instant,
): Trouble | undefined => {
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
    RetryAfter.parse(retryAfter, now, Limits.retryAfter),
  )
}

/** What answers is no server of Overdue. */
export const stranger = (): Trouble =>
  new Trouble({ why: "what answers at --url is no server of Overdue", isFinal: false })

/** Returns what an answer says. */
const sentence = (text: string): string => {
  const [, quoted = text] = /"error": ?"((?:[^"\\]|\\.)*)"/.exec(text) ?? []
  return HttpAnswer.line(quoted)
}
