/** The answers of the management API when it refuses a request. */
import type { ChannelInvalid } from "@overdue/core/Notifier"
import type { Damage } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { TooManyRequests } from "../../../access/Access.ts"
import { empty, text, type Outbound } from "../../../http/Http.ts"
import * as Damaged from "../../Damaged.ts"
import * as Sentence from "../../Sentence.ts"
import { json } from "../Json.ts"
import type {
  ChannelExists,
  CheckExists,
  CheckLimitReached,
  DeliverySettled,
  KeyExists,
  ProjectExists,
  ServerNotFound,
  UrlKeyTaken,
} from "@overdue/engine/CommandError"
import type { BadRequest } from "./Endpoint.ts"

/**
 * Returns a 404 that names what was not found. Healthchecks answers with an HTML page here, which no client reads.
 */
export const notFound = (what: string): Outbound => json(404, { error: `not found: ${what}` })

/** Returns the refusal of a check beyond the limit for whoever reads more than Healthchecks says. */
export const limitReached = (error: CheckLimitReached): Outbound =>
  json(403, { error: Sentence.ofLimit(error) }, { "overdue-error": Sentence.ofLimit(error) })

/** Returns the answer to a request that is about a damaged record, with a sentence that says which part of it. */
export const damaged = (damage: Damage): Outbound =>
  json(500, { error: Damaged.sentence(damage) }, Damaged.header(damage))

const wrongKey = json(401, { error: "wrong api key" })

const answer = (outbound: Outbound) => () => Effect.succeed(outbound)

/** Handlers of everything that an operation can be refused for, by tag. */
export const ofRefusal = {
  BadRequest: ({ text, detail }: BadRequest) =>
    Effect.succeed(json(400, { error: text, ...(detail !== undefined && { detail }) })),
  ChannelInvalid: (error: ChannelInvalid) => Effect.succeed(json(400, { error: error.message })),
  ChannelExists: ({ message }: ChannelExists) => Effect.succeed(json(409, { error: message })),
  ChannelNotFound: answer(notFound("the project has no channel with this id")),
  DeliveryNotFound: answer(notFound("the project has no alert with this id")),
  DeliverySettled: ({ message }: DeliverySettled) => Effect.succeed(json(409, { error: message })),
  CheckForbidden: answer(empty(403)),
  // As in Healthchecks, where a full project looks like a wrong key, but for a header.
  CheckLimitReached: (error: CheckLimitReached) =>
    Effect.succeed(empty(403, { "overdue-error": Sentence.ofLimit(error) })),
  CheckExists: ({ message }: CheckExists) => Effect.succeed(json(409, { error: message })),
  KeyExists: ({ message }: KeyExists) => Effect.succeed(json(409, { error: message })),
  KeyNotFound: answer(notFound("the project has no API key with this id")),
  UrlKeyTaken: ({ message }: UrlKeyTaken) => Effect.succeed(json(409, { error: message })),
  CheckNotFound: answer(notFound("no check has this id")),
  CheckNotPaused: answer(text(409, "check is not paused")),
  KeyMissing: answer(json(401, { error: "missing api key" })),
  KeyWrong: answer(wrongKey),
  ProjectExists: ({ message }: ProjectExists) => Effect.succeed(json(409, { error: message })),
  ServerNotFound: ({ message }: ServerNotFound) => Effect.succeed(json(400, { error: message })),
  // The project was deleted while the request was handled.
  ProjectNotFound: answer(empty(403)),
  NotOperator: answer(
    json(403, {
      error:
        "this is for the operator: send the key that the server has as OVERDUE_ADMIN_KEY; without one, nobody may",
    }),
  ),
  WrongMetricsKey: answer(empty(403)),
  ReadOnly: answer(wrongKey),
  TooManyRequests: ({ seconds }: TooManyRequests) =>
    Effect.succeed(json(429, { error: "rate limit exceeded" }, { "retry-after": String(seconds) })),
}
