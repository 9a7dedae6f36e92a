/** The endpoints of the project whose key a request has: what of its addresses a project may choose by itself. */
import * as Commands from "@overdue/engine/commands/Projects"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { json } from "../../Json.ts"
import type { Authorized, Endpoint } from "../Endpoint.ts"
import * as RequestBody from "../RequestBody.ts"
import * as Projects from "./Projects.ts"

const get = ({ project, access }: Authorized) =>
  Effect.succeed(json(200, Projects.settingsOf(project, access)))

const update = Effect.fnUntraced(function* ({ project, access, body }: Authorized) {
  const change = Projects.changeOf(yield* RequestBody.decoded(decode, body))
  return json(200, Projects.settingsOf(yield* Commands.update(project.id, change), access))
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path: "/project/",
    methods: {
      GET: { id: "getOwnProject", access: "read", run: get },
      POST: { id: "updateOwnProject", access: "write", run: update },
    },
    since: 3,
  },
]

const { ping_key, rotate_ping_key, badge_key } = Projects.Change.fields

/** The body of a request that changes the project: what is left out stays. Limits are the operator's to set. */
export const Change = Schema.Struct({ ping_key, rotate_ping_key, badge_key })

const decode = Schema.decodeUnknownResult(Change)

/** The project as the API returns it; its ping key only to a key that may write. */
export const Output = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  ping_key: Schema.optionalKey(Schema.NullOr(Schema.String)),
  badge_key: Schema.String,
  check_limit: Schema.Int,
  ping_limit: Schema.Int,
  created: Schema.String,
})
