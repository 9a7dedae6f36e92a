/** Channels and alerts over the API of a server. */
import { ClientError, type ChannelTest, type Management } from "@overdue/client/management"
import type { Values } from "../Flags.ts"
import type { Io } from "../Io.ts"
import * as Server from "../Server.ts"
import { withUse, type Alerting, type Tested } from "./Alerting.ts"

const lacksChannels =
  "whose API only lists channels: add, change, test and remove them on its pages (Integrations)"

const lacksAlerts = "whose API does not tell what became of alerts: its pages do, in the log of a check"

/** Returns the channels and alerts of the project whose key is given. */
export const ofServer = (io: Io, given: Values<typeof Server.flags>): Alerting => {
  const call = <A>(ask: (api: Management) => Promise<A>, lacks = lacksChannels): Promise<A> =>
    Server.use(io, given, ask, { lacks })
  return {
    channels: () =>
      call(async ({ channels, checks }) => {
        const [found, used] = await Promise.all([channels.details(), checks.list()])
        return withUse(
          found,
          used.map((check) => (check.channels ?? "").split(",")),
        )
      }),
    add: (channel) => call((api) => api.channels.create(channel)),
    change: (id, change) => call((api) => api.channels.update(id, change)),
    test: (id) => call(({ channels }) => tested(channels.test(id))),
    remove: (id) => call((api) => api.channels.delete(id)),
    deliveries: (filter) => call((api) => api.deliveries.list(filter), lacksAlerts),
    retry: (id) => call((api) => api.deliveries.retry(id), lacksAlerts),
    drop: (id) => call((api) => api.deliveries.drop(id), lacksAlerts),
  }
}

/** The server answers 502 when it could not deliver, with the reason. */
const tested = async (answer: Promise<ChannelTest>): Promise<Tested> => {
  try {
    const { result, error } = await answer
    return { result, why: error }
  } catch (error) {
    if (!(error instanceof ClientError) || error.status !== 502) throw error
    return { result: "failed", why: error.message.replace(/^the server answered 502:? ?/, "") }
  }
}
