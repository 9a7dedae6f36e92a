/** The endpoints of channels: list, and, beyond Healthchecks, create, update, delete and test. */
import type { Channel } from "@overdue/core/Channel"
import * as ChannelDocument from "@overdue/core/document/ChannelDocument"
import * as Limits from "@overdue/core/Limits"
import type { Verdict } from "@overdue/core/Notifier"
import * as ChannelCommands from "@overdue/engine/commands/Channels"
import * as Channels from "@overdue/engine/queries/Channels"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { json } from "../../Json.ts"
import type { Authorized, Endpoint } from "../Endpoint.ts"
import * as RequestBody from "../RequestBody.ts"
import * as QuietField from "@overdue/core/document/QuietField"
import * as Schemas from "@overdue/core/document/Schemas"
import { wantsDetails } from "./Checks.ts"

const list = Effect.fnUntraced(function* ({ project, query }: Authorized) {
  const channels = yield* Channels.list(project.id)
  if (!wantsDetails(query)) return json(200, { channels: channels.map(shown) })
  const waiting = yield* Channels.waiting(project.id)
  const details = (channel: Channel) => ChannelDocument.showDeliveries(channel, waiting.get(channel.id) ?? 0)
  return json(200, { channels: channels.map((channel) => ({ ...shown(channel), ...details(channel) })) })
})

const create = Effect.fnUntraced(function* ({ project, body }: Authorized) {
  const { name = "", kind, value = {}, ...given } = yield* RequestBody.decoded(decodeNew, body, explain)
  const switches = ChannelDocument.read(given)
  const channel = yield* ChannelCommands.create({ project: project.id, name, kind, value, switches })
  return json(201, shown(channel))
})

const update = Effect.fnUntraced(function* ({ project, path, body }: Authorized) {
  const { name, value, ...given } = yield* RequestBody.decoded(decodeChange, body, explain)
  const switches = ChannelDocument.read(given)
  const channel = yield* ChannelCommands.update(project.id, path["uuid"]!, {
    ...(name !== undefined && { name }),
    ...(value !== undefined && { value }),
    switches,
  })
  return json(200, shown(channel))
})

const remove = Effect.fnUntraced(function* ({ project, path }: Authorized) {
  const id = path["uuid"]!
  const deleted = yield* ChannelCommands.remove(project.id, id)
  return json(200, deleted === undefined ? { id } : shown(deleted))
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
    methods: {
      POST: { id: "updateChannel", access: "write", run: update },
      DELETE: { id: "deleteChannel", access: "write", run: remove },
    },
    since: 3,
  },
  {
    path: "/channels/{uuid}/test",
    methods: { POST: { id: "testChannel", access: "write", run: test } },
    since: 3,
  },
]

/** The body of a request that changes a channel: what is left out stays. */
export const Change = Schema.Struct({
  name: Schema.optionalKey(Schemas.textUpTo(Limits.nameLength)),
  value: Schema.optionalKey(
    Schema.Unknown.annotate({
      description: "The configuration of the channel. Its fields depend on the kind.",
    }),
  ),
  ...ChannelDocument.switches,
})

/** The body of a request that creates a channel. */
export const Input = Schema.Struct({
  ...Change.fields,
  kind: Schemas.text.annotate({ description: "How alerts are sent, such as `webhook`." }),
})

const decodeNew = Schema.decodeUnknownResult(Input)
const decodeChange = Schema.decodeUnknownResult(Change)

/** Healthchecks cannot change channels, so no client of it is surprised by a detail. */
const explain = ({ quiet }: Authorized["body"]) => QuietField.explain(quiet)

/**
 * A channel as the API returns it: without its configuration, which may hold secrets. Switches are there when they are
 * not as those of a new channel, and `disabled`, `last_success` and `last_error` among the details.
 */
export const Output = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  kind: Schema.String,
  ...ChannelDocument.switches,
  ...Struct.map(ChannelDocument.deliveries, Schema.optionalKey),
})

const shown = (channel: Channel) => {
  const { id, name, kind } = channel
  return { id, name, kind, ...ChannelDocument.show(channel) }
}

const isDelivered = ({ type }: Verdict): boolean => type === "delivered" || type === "skipped"
