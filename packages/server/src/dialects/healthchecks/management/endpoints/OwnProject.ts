/** The endpoints of the project whose key a request has: what of its addresses a project may choose by itself. */
import type { Project } from "@overdue/core/Project"
import * as Format from "@overdue/core/document/Format"
import * as Commands from "@overdue/engine/commands/Projects"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Keys from "../../../../access/Keys.ts"
import { json } from "../../Json.ts"
import type { Authorized, Endpoint } from "../Endpoint.ts"
import * as Projects from "./Projects.ts"

const get = ({ project, access }: Authorized) => Effect.succeed(json(200, shown(project, access)))

const update = Effect.fnUntraced(function* ({ project, access, body }: Authorized) {
  const { ping_key, rotate_ping_key, badge_key } = yield* Projects.read(decode, body)
  const pingKey = rotate_ping_key === true ? Keys.generatePingKey() : ping_key
  const changed = yield* Commands.update(project.id, {
    ...(pingKey !== undefined && { pingKey }),
    ...(badge_key !== undefined && { badgeKey: badge_key }),
  })
  return json(200, shown(changed, access))
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

/** The project as the API returns it. A read-only key does not see the ping key, with which it could ping. */
export const Output = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  ping_key: Schema.optionalKey(Schema.NullOr(Schema.String)),
  badge_key: Schema.String,
  check_limit: Schema.Int,
  ping_limit: Schema.Int,
  created: Schema.String,
})

const shown = (project: Project, access: Authorized["access"]) => ({
  id: project.id,
  name: project.name,
  ...(access === "read-write" && { ping_key: project.pingKey ?? null }),
  badge_key: project.badgeKey,
  check_limit: project.checkLimit,
  ping_limit: project.pingLogLimit,
  created: Format.instantOrNull(project.createdAt),
})
