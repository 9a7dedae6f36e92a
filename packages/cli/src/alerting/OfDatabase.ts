/** Channels and alerts in a database. Values of channels hold secrets, and are never printed. */
import type { Channel, ChannelDetails, Delivery } from "@overdue/client/management"
import type * as Core from "@overdue/core/Channel"
import * as ChannelDocument from "@overdue/core/document/ChannelDocument"
import * as DeliveryDocument from "@overdue/core/document/DeliveryDocument"
import type { Verdict } from "@overdue/core/Notifier"
import type { Project } from "@overdue/core/Project"
import * as Commands from "@overdue/engine/commands/Channels"
import * as DeliveryCommands from "@overdue/engine/commands/Deliveries"
import * as Channels from "@overdue/engine/queries/Channels"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Deliveries from "@overdue/engine/queries/Deliveries"
import * as Sentence from "@overdue/server/dialects/Sentence"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { Failure } from "../Failure.ts"
import type { Place } from "../local/Place.ts"
import * as Projects from "../local/Projects.ts"
import { use, type Services } from "../local/Session.ts"
import { withUse, type Alerting, type Means, type Tested } from "./Alerting.ts"

/** Returns the channels and alerts of a project in a database. */
export const ofDatabase = ({ database, project }: Place, means: Means): Alerting => {
  const within = <A, E>(work: (owner: Project) => Effect.Effect<A, E, Services>): Promise<A> =>
    use(database, Effect.flatMap(Projects.find(project), work), means)
  return {
    channels: () => within(({ id }) => rows(id)),
    add: ({ name, kind, value, ...switches }) =>
      within(({ id }) =>
        Effect.flatMap(switchesOf(switches), (switches) =>
          Effect.map(Commands.create({ project: id, name, kind, value, switches }), shown),
        ),
      ),
    change: (channel, { name, value, ...switches }) =>
      within(({ id }) =>
        Effect.flatMap(switchesOf(switches), (switches) =>
          Effect.map(
            Commands.update(id, channel, {
              ...(name !== undefined && { name }),
              ...(value !== undefined && { value }),
              switches,
            }),
            shown,
          ),
        ),
      ),
    test: (channel) => within(({ id }) => Effect.map(Commands.test(id, channel), tested)),
    remove: (channel) => within(({ id }) => Effect.asVoid(Commands.remove(id, channel))),
    deliveries: (filter) =>
      within(({ id }) => Effect.map(Deliveries.list(id, filter), (found) => found.map(delivery))),
    retry: (id) => within((owner) => Effect.map(DeliveryCommands.retry({ project: owner.id, id }), delivery)),
    drop: (id) => within((owner) => Effect.map(DeliveryCommands.drop({ project: owner.id, id }), delivery)),
  }
}

const rows = Effect.fnUntraced(function* (project: string) {
  const waiting = yield* Channels.waiting(project)
  const channels = (yield* Channels.list(project)).map((channel): ChannelDetails => {
    const details = ChannelDocument.showDeliveries(channel, waiting.get(channel.id) ?? 0)
    // safe because these are its fields
    return { ...shown(channel), ...(details as Omit<ChannelDetails, keyof Channel>) }
  })
  const checks = yield* Checks.list(project)
  return withUse(
    channels,
    checks.map(({ details }) => details.channels),
  )
})

const shown = (channel: Core.Channel): Channel => ({
  id: channel.id,
  name: channel.name,
  kind: channel.kind,
  ...ChannelDocument.show(channel),
})

const delivery = (of: DeliveryDocument.Named): Delivery => ({
  id: of.id,
  check: of.check,
  ...DeliveryDocument.show(of),
})

const switchesOf = (document: unknown) =>
  Effect.fromResult(
    Result.mapError(
      ChannelDocument.decode(document),
      ({ issue }) => new Failure(Sentence.whole(issue, document)),
    ),
  )

const tested = (verdict: Verdict): Tested => {
  switch (verdict.type) {
    case "delivered":
      return { result: "delivered", why: undefined }
    case "skipped":
      return { result: "skipped", why: verdict.why }
    case "retry":
    case "refused":
    case "permanent":
      return { result: "failed", why: verdict.why }
  }
}
