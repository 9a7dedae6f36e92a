/** Serves a table of endpoints: finds the endpoint, checks the key, reads the fields, and answers in a dialect's words. */
import * as Trace from "@overdue/engine/Trace"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Access from "../access/Access.ts"
import type { JsonSchema } from "../docs/JsonSchema.ts"
import type { Handler, Inbound, Outbound } from "../http/Http.ts"
import * as SlicedBody from "../http/SlicedBody.ts"
import { Site } from "../Site.ts"
import * as Body from "../dialects/Body.ts"
import type { Services } from "../dialects/Dialect.ts"
import * as Sentence from "../dialects/Sentence.ts"
import type { Doc, Endpoint, FieldsInvalid, Method, Operation } from "./Endpoint.ts"
import * as Paths from "./Paths.ts"

/** How a dialect says what it refuses. */
export interface Words {
  /** The key is missing or wrong, or read-only where something is written. */
  readonly unauthorized: Outbound
  /** `what` there is not, such as `Monitor`; of a path, `Page`. */
  readonly notFound: (what: string) => Outbound
  readonly notAllowed: Outbound
  readonly invalid: (issues: FieldsInvalid["issues"]) => Outbound
  /** The body cannot be read at all; `sentence` says why. */
  readonly unreadable: (sentence: string) => Outbound
  /** Something else is in the way; `sentence` says what, and `status` is 403 or 409. */
  readonly refused: (status: number, sentence: string) => Outbound
  readonly tooMany: Outbound
}

/** An API. */
export interface Api {
  /** What people call it. */
  readonly title: string
  /** What it is, in a few sentences for people. */
  readonly description: string
  /** The header that has the key. */
  readonly keyIn: "X-Api-Key" | "Authorization"
  /** What else is reached, which is no endpoint of this table: the pings. */
  readonly pings: readonly Described[]
  readonly endpoints: readonly Endpoint[]
  /** What a check is called. */
  readonly check: string
  /** What a group is called. */
  readonly group: string
  readonly words: Words
  /** Shapes that the document defines once and refers to; what is refused has that of `Error`. */
  readonly schemas: Readonly<Record<"Error" | (string & {}), Schema.Constraint>>
}

/** A path that is described and served elsewhere; no key is needed. */
export interface Described {
  readonly id: string
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly query?: Doc["query"]
  readonly answer: string
  /** The shape of the answer; without it the body is empty. */
  readonly shape?: JsonSchema
  /** Why it may be refused beside what every ping is refused for, by status. */
  readonly refusals?: Doc["refusals"]
}

/** Returns the key of a request; `undefined` when there is none. */
const keyOf = ({ keyIn }: Api, inbound: Inbound): string | undefined =>
  keyIn === "X-Api-Key" ? inbound.header("x-api-key") : Access.bearer(inbound)

/** Returns the handler of all paths of an API. */
export const handler = (api: Api): Handler<Services> => {
  const find = Paths.finder(api.endpoints)
  const { words } = api
  return (inbound) => {
    const found = find(inbound.path)
    if (found === undefined) return Effect.succeed(words.notFound("Page"))
    const { endpoint, path } = found
    // A client that only wants the headers of an answer is given all of it, which the carrier cuts.
    const method = inbound.method === "HEAD" ? "GET" : inbound.method
    const operation = Object.hasOwn(endpoint.methods, method)
      ? endpoint.methods[method as Method] // safe because it is one of the keys
      : undefined
    if (operation === undefined) {
      const allow = Object.keys(endpoint.methods).join(", ")
      return Effect.succeed({ ...words.notAllowed, headers: { ...words.notAllowed.headers, allow } })
    }
    const responding = Effect.andThen(
      Trace.note({ "http.route": endpoint.path }),
      respond(api, operation, inbound, path),
    )
    return answered(responding, { check: api.check, ...endpoint }, api)
  }
}

const respond = Effect.fnUntraced(function* (
  api: Api,
  operation: Operation,
  inbound: Inbound,
  path: Readonly<Record<string, string>>,
) {
  const { project, access } = yield* Access.open(inbound, {
    need: operation.access,
    key: keyOf(api, inbound),
  })
  const hasFields = operation.doc.body !== undefined
  const fields = hasFields ? yield* Body.fields(inbound, { isKnown: true, longest: operation.longest }) : {}
  const { root } = yield* Site
  const query = new URLSearchParams(inbound.query)
  const running = operation.run({ project, access, path, query, inbound, fields, root })
  if (operation.isLong !== true) return yield* running
  const what = JSON.stringify([api.title, operation.id, access, root, inbound.path, inbound.query])
  return yield* SlicedBody.inTurn({ project: project.id, what }, running)
})

const answered = (
  responding: ReturnType<typeof respond>,
  { check }: Pick<Api, "check">,
  { group, words }: Api,
): ReturnType<Handler<Services>> => {
  const tooMany = ({ seconds }: { readonly seconds: number }) =>
    Effect.succeed({
      ...words.tooMany,
      headers: { ...words.tooMany.headers, "retry-after": String(seconds) },
    })
  const say = (outbound: Outbound) => () => Effect.succeed(outbound)
  return Effect.catchTags(responding, {
    KeyMissing: say(words.unauthorized),
    KeyWrong: say(words.unauthorized),
    ReadOnly: say(words.unauthorized),
    TooManyRequests: tooMany,
    RateLimited: tooMany,
    BodyInvalid: ({ reason }) => Effect.succeed(words.unreadable(sentences[reason])),
    FieldsInvalid: ({ issues }) => Effect.succeed(words.invalid(issues)),
    NotFound: ({ what }) => Effect.succeed(words.notFound(what)),
    Exists: ({ what }) => Effect.succeed(words.refused(409, `${what} exists already`)),
    CheckNotFound: say(words.notFound(check)),
    // Who asks by an id of another project learns no more than of one that there is not.
    CheckForbidden: say(words.notFound(check)),
    GroupNotFound: say(words.notFound(group)),
    CheckNotPaused: say(words.refused(409, `${check} is not paused`)),
    CheckLimitReached: (error) => Effect.succeed(words.refused(403, Sentence.ofLimit(error))),
    ServerNotFound: ({ message }) => Effect.succeed(words.invalid([{ field: "probe", message }])),
    // It was deleted while the request was handled.
    ProjectNotFound: say(words.unauthorized),
  })
}

const sentences: Readonly<Record<Body.BodyInvalid["reason"], string>> = {
  unreadable: "the body could not be read: expected a form, or a JSON object",
  other: "the body is JSON, but not an object",
  "too long": "the body is too long",
  "too long of a stranger": "the body is too long",
}
