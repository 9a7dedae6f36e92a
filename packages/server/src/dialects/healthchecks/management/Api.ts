/** The management API of Healthchecks, versions 1 to 3: finds the endpoint, checks the API key, and answers. */
import type { StoreError } from "@overdue/core/Store"
import * as Trace from "@overdue/engine/Trace"
import { Trouble } from "@overdue/engine/Trouble"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Access from "../../../access/Access.ts"
import * as Keys from "../../../access/Keys.ts"
import * as Operator from "../../../access/Operator.ts"
import { empty, type Handler, type Inbound } from "../../../http/Http.ts"
import { Site } from "../../../Site.ts"
import type { Services } from "../../Dialect.ts"
import type * as Body from "../../Body.ts"
import * as Answer from "./Answer.ts"
import type { Endpoint, Method, Open, Operation } from "./Endpoint.ts"
import { endpoints } from "./endpoints/index.ts"
import * as Asked from "../checks/Asked.ts"
import type { Version } from "../checks/Versions.ts"
import * as RequestBody from "./RequestBody.ts"
import * as Router from "./Router.ts"

const noProject = Answer.notFound("there is no project with this id")

const router = Router.make(endpoints)

/** Returns the handler of all paths below `/api/v<version>/`. */
export const handler =
  (version: Version): Handler<Services> =>
  (inbound) => {
    const found = router.find(version, inbound.path)
    if (found === undefined) {
      const { headers, ...answer } = Answer.notFound(`version ${version} of the API does not have this path`)
      return Effect.succeed({ ...answer, headers: { ...headers, ...anyOrigin } })
    }
    if (found.redirect !== undefined) {
      const location = found.redirect + (inbound.query === "" ? "" : `?${inbound.query}`)
      return Effect.succeed(empty(301, { location }))
    }
    const { endpoint, path } = found
    const answer = respond(endpoint, inbound, { version, path })
    if (endpoint.isPlain) return answer
    const headers = cors(endpoint, inbound)
    return Effect.map(answer, (outbound) => ({ ...outbound, headers: { ...outbound.headers, ...headers } }))
  }

const ofStoreError = Effect.fnUntraced(function* (error: StoreError) {
  if (error.damage === undefined) return yield* error
  const trouble = yield* Trouble
  yield* trouble.note(error)
  return Answer.damaged(error.damage)
})

type Found = Pick<Open, "version" | "path">

const respond = Effect.fnUntraced(
  function* (endpoint: Endpoint, inbound: Inbound, found: Found) {
    yield* Trace.note({ "http.route": `/api/v${found.version}${endpoint.path}` })
    if (inbound.method === "OPTIONS" && !endpoint.isPlain) return empty(204)
    const operation = operationOf(endpoint, inbound.method)
    if (operation === undefined) return empty(405, { allow: Object.keys(endpoint.methods).join(", ") })
    const { root } = yield* Site
    const query = new URLSearchParams(inbound.query)
    const defaults = Asked.defaults(query)
    const open: Open = { ...found, root, header: inbound.header, query, defaults }
    if (operation.access === "metrics") yield* Operator.expectMetrics(inbound)
    if (operation.access === "metrics" || operation.access === "none") return yield* operation.run(open)
    if (operation.access === "operate") {
      yield* Operator.expect(inbound)
      const body = yield* bodyOf(inbound, { defaults, isKnown: true })
      const answered = operation.run({ ...open, body })
      return yield* Effect.catchTag(answered, "ProjectNotFound", () => Effect.succeed(noProject))
    }
    if (operation.access === "probe") {
      const project = yield* Operator.expectProber(inbound)
      return yield* operation.run({
        ...open,
        project,
        body: yield* bodyOf(inbound, { defaults, isKnown: true }),
      })
    }
    const { caller, body } = yield* callerOf(inbound, { need: operation.access, defaults })
    const { project, access } = caller
    return yield* operation.run({ ...open, project, access, body })
  },
  Effect.catchTags({ ...Answer.ofRefusal, StoreError: ofStoreError }),
)

const bodyOf = (inbound: Inbound, reading: RequestBody.Reading) =>
  inbound.method === "POST" ? RequestBody.read(inbound, reading) : Effect.succeed<Body.Fields>({})

/**
 * Returns who sent a request, and its body. A key in the header decides before the body is read; without one, as in
 * Healthchecks, the key may be in the body, of which little is read unless a host application knows who it is.
 */
const callerOf = Effect.fnUntraced(function* (
  inbound: Inbound,
  { need, defaults }: { readonly need: Access.Need; readonly defaults: Open["defaults"] },
) {
  const header = inbound.header("x-api-key")
  if (header !== undefined) {
    const caller = yield* Access.open(inbound, { need, key: yield* whole(header) })
    return { caller, body: yield* bodyOf(inbound, { defaults, isKnown: true }) }
  }
  const vouched = yield* Effect.result(Access.open(inbound, { need, key: undefined }))
  const body = yield* bodyOf(inbound, { defaults, isKnown: Result.isSuccess(vouched) })
  const key = body["api_key"]
  const caller =
    key === undefined
      ? yield* Effect.fromResult(vouched)
      : yield* Access.open(inbound, { need, key: yield* whole(key) })
  return { caller, body }
})

/** Returns the key if it is one. As in Healthchecks, a key of another length is missing. */
const whole = (key: unknown): Effect.Effect<string, Access.KeyMissing> =>
  typeof key === "string" && key.length === Keys.length
    ? Effect.succeed(key)
    : Effect.fail(new Access.KeyMissing())

const operationOf = (endpoint: Endpoint, method: string): Operation | undefined =>
  // safe because it is one of the keys
  Object.hasOwn(endpoint.methods, method) ? endpoint.methods[method as Method] : endpoint.otherwise

const anyOrigin = { "access-control-allow-origin": "*" }

/**
 * Healthchecks allows a page of another site only `X-Api-Key`, so that it can send JSON as plain text alone. Whoever asks
 * for `Content-Type` gets it as well; it opens nothing, because a key is needed in any case.
 */
const cors = (endpoint: Endpoint, { header }: Inbound): Readonly<Record<string, string>> => ({
  ...anyOrigin,
  "access-control-allow-headers": /\bcontent-type\b/i.test(header("access-control-request-headers") ?? "")
    ? "X-Api-Key, Content-Type"
    : "X-Api-Key",
  "access-control-allow-methods": [...Object.keys(endpoint.methods), "OPTIONS"].join(", "),
  "access-control-max-age": "600",
})
