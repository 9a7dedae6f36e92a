/** The removal of channels and projects from a memory store, with all that belongs to them. */
import * as Deliveries from "./Deliveries.ts"
import * as Memories from "./Memories.ts"
import * as Tables from "./Tables.ts"

/** Removes a project with its checks, channels and keys; returns whether there was one. */
export const project = (tables: Tables.Tables, id: string): boolean => {
  const deleted = Tables.find(tables, (check) => check.project === id).map((check) => check.id)
  Tables.write(tables, { result: undefined, deleted })
  for (const { id: of } of Tables.channelsOf(tables, id)) channel(tables, of)
  for (const of of tables.groups.values()) if (of.project === id) tables.groups.delete(of.id)
  for (const kind of ["check", "channel", "group"]) tables.lastSerials.delete(`${id} ${kind}`)
  for (const key of tables.keys.values()) if (key.project === id) tables.keys.delete(key.digest)
  return tables.projects.delete(id)
}

/** Removes a channel with its deliveries, also from the checks that tell it; returns whether there was one. */
export const channel = (tables: Tables.Tables, id: string): boolean => {
  const found = tables.channels.get(id)
  if (found === undefined) return false
  for (const entry of tables.checks.values()) {
    const { details } = entry.check
    if (entry.check.project !== found.project || !details.channels.includes(id)) continue
    const channels = details.channels.filter((other) => other !== id)
    entry.check = { ...entry.check, details: { ...details, channels } }
  }
  Deliveries.remove(tables.deliveries, (delivery) => delivery.channel === id)
  Memories.forget(tables.memories, (memory) => memory.channel === id)
  tables.channelSerials.delete(id)
  return tables.channels.delete(id)
}

/** Removes a group, of which no check of its project is any more; returns whether there was one. */
export const group = (tables: Tables.Tables, id: string): boolean => {
  const of = tables.groups.get(id)?.project
  for (const entry of tables.checks.values()) {
    const { details, project } = entry.check
    if (details.group === id && project === of)
      entry.check = { ...entry.check, details: { ...details, group: undefined } }
  }
  return tables.groups.delete(id)
}
