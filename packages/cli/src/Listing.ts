/** The checks of a project with their details, and the channels that they tell, as far as the key may see them. */
import { ClientError, type Channel, type ChecksFilter, type Management } from "@overdue/client/management"
import type { Listed } from "./CheckView.ts"

/** What a table of checks is made from. */
export interface Listing {
  readonly checks: readonly Listed[]
  /** Empty when no check tells any. */
  readonly channels: readonly Channel[]
}

/** Returns the checks and the channels. */
export const load = async (api: Management, filter: ChecksFilter = {}): Promise<Listing> => {
  const checks = await api.checks.list({ ...filter, details: true })
  return { checks, channels: checks.some(({ channels }) => channels) ? await api.channels.list() : [] }
}

/** Returns the channels of the project; `undefined` when the key is read-only, and may not see them. */
export const channels = async (api: Management): Promise<readonly Channel[] | undefined> => {
  try {
    return await api.channels.list()
  } catch (error) {
    if (error instanceof ClientError && error._tag === "Denied") return undefined
    throw error
  }
}
