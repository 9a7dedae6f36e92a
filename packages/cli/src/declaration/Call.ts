/** The calls of the management API that make changes, also while another program makes the same ones. */
import { ClientError } from "@overdue/client/management"
import type { Check, CheckPolicy, Management, NewCheck } from "@overdue/client/management"
import type { Json } from "@overdue/core/document/Field"
import { Failure } from "../Failure.ts"
import type { Change, Difference } from "./Changeset.ts"
import type { ChannelDeclaration, WantedCheck } from "./Declaration.ts"

/** Makes one change. Rejects as the management API does. */
export const perform = async (change: Change, api: Management): Promise<void> => {
  switch (change.is) {
    case "create channel":
      await createChannel(change.channel, api)
      return
    case "create check": {
      const { birth } = change.check
      const made = await api.checks.create(once(change.check))
      if (birth.uuid !== undefined && made.uuid !== birth.uuid) {
        throw new Failure(
          `the server gave it the id ${made.uuid} instead: it does not let a check keep its id; leave id out of the file`,
        )
      }
      return
    }
    case "update check": {
      const { uuid = "" } = change.check
      await api.checks.update(uuid, policy(change.check, change.differences))
      return
    }
    case "delete check":
      await api.checks.delete(change.check.uuid ?? "")
      return
    case "delete channel":
      await api.channels.delete(change.channel.id)
      return
  }
}

/**
 * Returns a check that is created once, however many apply the file at once: the server updates the one that has come
 * since the project was looked at. Nobody could tell two of them apart afterwards. An id cannot be there twice anyway.
 */
const once = ({ by, fields, birth }: WantedCheck): NewCheck => {
  switch (by) {
    case "uuid":
      return { ...fields, ...birth }
    case "slug":
      return { ...fields, ...birth, unique: ["slug"] }
    case "name":
      // Another check of the file may have the same name, and a slug.
      return { ...fields, ...birth, slug: "", unique: ["name", "slug"] }
  }
}

/** A channel that has come since the project was looked at is as good as a new one, as it is for a file applied later. */
const createChannel = async (channel: ChannelDeclaration, api: Management): Promise<void> => {
  try {
    await api.channels.create({ ...channel, value: channel.value })
  } catch (error) {
    if (!(error instanceof ClientError) || error._tag !== "Conflict") throw error
    const isThere = ({ name, kind }: { readonly name: string; readonly kind: string }) =>
      name === channel.name && kind === channel.kind
    if (!(await api.channels.list()).some(isThere)) throw error
  }
}

/**
 * The server takes a zone only together with a schedule, so a changed zone brings the present schedule along, unless a
 * period takes its place.
 */
const policy = (check: Check, differences: readonly Difference[]): CheckPolicy => {
  const values: Record<string, Json> = Object.fromEntries(differences.map(({ field, to }) => [field, to]))
  const isAlone = "tz" in values && !("schedule" in values) && !("timeout" in values)
  if (isAlone && check.schedule !== undefined) values.schedule = check.schedule
  return values
}
