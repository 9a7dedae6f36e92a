/** The endpoints of channels: list, and, beyond Healthchecks, create, delete and test. */
import type { Channel } from "@overdue/core/Channel"
import * as Limits from "@overdue/core/Limits"
import type { Verdict } from "@overdue/core/Notifier"
import * as ChannelCommands from "@overdue/engine/commands/Channels"
import * as Channels from "@overdue/engine/queries/Channels"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { json } from "../../../../http/Http.ts"
import { BadRequest, type Authorized, type Endpoint } from "../Endpoint.ts"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Sentence from "../Sentence.ts"

const list = Effect.fnUntraced(function* ({ project }: Authorized) {
  const channels = yield* Channels.list(project.id)
  return json(200, { channels: channels.map(shown) })
})

const create = Effect.fnUntraced(function* ({ project, body }: Authorized) {
  const { name = "", kind, value = {} } = yield* Effect.fromResult(read(body))
  const channel = yield* ChannelCommands.create({ project: project.id, name, kind, value })
  return json(201, shown(channel))
})

const remove = Effect.fnUntraced(function* ({ project, path }: Authorized) {
  return json(200, shown(yield* ChannelCommands.remove(project.id, path["uuid"]!)))
})

const test = Effect.fnUntraced(function* ({ project, path }: Authorized) {
  const verdict = yield* ChannelCommands.test(project.id, path["uuid"]!)
  return json(isDelivered(verdict) ? 200 : 502, {
    result: verdict.type,
    ...("why" in verdict ? { error: verdict.why } : {}),
  })
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  { path: "/channels/", methods: { GET: { id: "listChannels", access: "write", run: list } }, until: 2 },
  {
    path: "/channels/",
    methods: {
      GET: { id: "listChannels", access: "write", run: list },
      POST: { id: "createChannel", access: "write", run: create },
    },
    since: 3,
  },
  {
    path: "/channels/{uuid}",
    methods: { DELETE: { id: "deleteChannel", access: "write", run: remove } },
    since: 3,
  },
  {
    path: "/channels/{uuid}/test",
    methods: { POST: { id: "testChannel", access: "write", run: test } },
    since: 3,
  },
]

/** The body of a request that creates a channel. */
export const Input = Schema.Struct({
  name: Schema.optionalKey(Schemas.textUpTo(Limits.nameLength)),
  kind: Schemas.text.annotate({ description: "How alerts are sent, such as `webhook`." }),
  value: Schema.optionalKey(
    Schema.Unknown.annotate({
      description: "The configuration of the channel. Its fields depend on the kind.",
    }),
  ),
})

const decode = Schema.decodeUnknownResult(Input)

const read = (body: unknown) =>
  Result.mapError(
    decode(body),
    ({ issue }) => new BadRequest({ text: `json validation error: ${Sentence.of(issue)}` }),
  )

/** A channel as the API returns it: without its configuration, which may hold secrets. */
export const Shown = Schema.Struct({ id: Schema.String, name: Schema.String, kind: Schema.String })

const shown = ({ id, name, kind }: Channel): typeof Shown.Type => ({ id, name, kind })

const isDelivered = ({ type }: Verdict): boolean => type === "delivered" || type === "skipped"
