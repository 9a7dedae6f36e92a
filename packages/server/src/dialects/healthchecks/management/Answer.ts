/** What the Healthchecks APIs answer when they refuse. */
import type { ChannelInvalid } from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import type { TooManyRequests } from "../../../access/Access.ts"
import { empty, json, text, type Outbound } from "../../../http/Http.ts"
import type { BadRequest } from "./Endpoint.ts"

/** Healthchecks answers with a page for people here; nobody reads it by program. */
export const notFound: Outbound = json(404, { error: "not found" })

const wrongKey = json(401, { error: "wrong api key" })

const answer = (outbound: Outbound) => () => Effect.succeed(outbound)

export const ofRefusal = {
  BadRequest: ({ text }: BadRequest) => Effect.succeed(json(400, { error: text })),
  ChannelInvalid: (error: ChannelInvalid) => Effect.succeed(json(400, { error: error.message })),
  ChannelNotFound: answer(notFound),
  CheckForbidden: answer(empty(403)),
  CheckLimitReached: answer(empty(403)),
  CheckNotFound: answer(notFound),
  CheckNotPaused: answer(text(409, "check is not paused")),
  KeyMissing: answer(json(401, { error: "missing api key" })),
  KeyWrong: answer(wrongKey),
  // The project went away between the key and what it opened.
  ProjectNotFound: answer(empty(403)),
  ReadOnly: answer(wrongKey),
  TooManyRequests: ({ seconds }: TooManyRequests) =>
    Effect.succeed(json(429, { error: "rate limit exceeded" }, { "retry-after": String(seconds) })),
}
