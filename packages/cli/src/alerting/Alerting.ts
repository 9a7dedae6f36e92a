/**
 * Who is told what: the channels of a project and the alerts on their way to them, over the API of a server, or in a
 * database, whether or not a server runs on it.
 */
import type {
  Channel,
  ChannelChange,
  ChannelDetails,
  DeliveriesFilter,
  Delivery,
  NewChannel,
} from "@overdue/client/management"
import { UsageError } from "../Failure.ts"
import type { Flags, Values } from "../Flags.ts"
import type { Io } from "../Io.ts"
import { pick, type Naming } from "../Pick.ts"
import * as Place from "../local/Place.ts"
import * as Server from "../Server.ts"
import { defaultUrl } from "../Target.ts"

/** A channel, how its deliveries fare unless the server is one of Healthchecks, and how many checks use it. */
export interface ChannelRow extends Channel, Partial<Omit<ChannelDetails, keyof Channel>> {
  readonly checks: number
}

/** What became of a test alert. */
export interface Tested {
  readonly result: "delivered" | "skipped" | "failed"
  /** Why it failed, and what that means for real alerts, or why nothing was sent; `undefined` when it was delivered. */
  readonly why: string | undefined
}

/** The channels of a project and its alerts. Every call fails with a `Failure` that says why it was refused. */
export interface Alerting {
  readonly channels: () => Promise<readonly ChannelRow[]>
  readonly add: (channel: NewChannel) => Promise<Channel>
  readonly change: (id: string, change: ChannelChange) => Promise<Channel>
  readonly test: (id: string) => Promise<Tested>
  readonly remove: (id: string) => Promise<void>
  readonly deliveries: (filter: DeliveriesFilter) => Promise<readonly Delivery[]>
  readonly retry: (id: string) => Promise<Delivery>
  readonly drop: (id: string) => Promise<Delivery>
}

/** What every command on channels and alerts takes. */
export const flags = {
  ...Server.flags,
  ...Place.projectFlags,
} as const satisfies Flags

/** Private addresses, for the commands that send something from here. */
export interface Means {
  readonly allowPrivateTargets: boolean
}

/**
 * Opens what flags and environment name: the server when a key is known and no database is named, else the database.
 * `says` prints which, for commands that do something there.
 */
export const open = async (
  given: Values<typeof flags>,
  io: Io,
  { allowPrivateTargets = false, says = false }: Partial<Means> & { readonly says?: boolean } = {},
): Promise<Alerting> => {
  const { url = defaultUrl, database } = given
  if (given["api-key"] !== undefined && database === undefined) {
    if (says) io.stderr.write(`asking the server at ${new URL(url).origin}\n`)
    if (given.project !== undefined) await expectProject(io, given, given.project)
    const { ofServer } = await import("./OfServer.ts")
    return ofServer(io, given)
  }
  const { ofDatabase } = await import("./OfDatabase.ts")
  return ofDatabase(Place.read(given, io), { allowPrivateTargets })
}

/** The key names the project, so another one that is named can only be a mistake. */
const expectProject = async (io: Io, given: Values<typeof flags>, words: string): Promise<void> => {
  const lacks = "whose API does not tell the project of a key: leave --project out"
  const { id, name } = await Server.use(io, given, (api) => api.project.get(), { lacks })
  if (words === name || words === id) return
  throw new UsageError(
    `the API key is one of the project ${JSON.stringify(name)}, not of ${JSON.stringify(words)}; give a key of that project, or name a database`,
  )
}

/** Returns channels with how many checks use each. `used` has the ids of the channels of every check. */
export const withUse = (
  channels: readonly ChannelDetails[],
  used: readonly (readonly string[])[],
): readonly ChannelRow[] => {
  const counts = new Map<string, number>()
  for (const id of used.flat()) counts.set(id, (counts.get(id) ?? 0) + 1)
  return channels.map((channel) => ({ ...channel, checks: counts.get(channel.id) ?? 0 }))
}

const naming: Naming<ChannelRow> = { noun: "channel", id: ({ id }) => id, names: [({ name }) => name] }

/** Returns the channels that are named by name or id, each once. Fails unless all of them exist. */
export const find = async (alerting: Alerting, words: readonly string[]): Promise<readonly ChannelRow[]> => {
  const channels = await alerting.channels()
  return [...new Set(words.map((word) => pick(channels, word, naming)))]
}
