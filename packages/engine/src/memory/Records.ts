/** The records of a memory store that people make: projects with their keys, channels and groups. */
import type { ApiKey } from "@overdue/core/Project"
import { type Store, StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Claims from "./Claims.ts"
import * as Removal from "./Removal.ts"
import * as Tables from "./Tables.ts"

/** Some of the methods of a store. */
type Part = Partial<Store["Service"]>

/** Why what is asked for contradicts what is stored. */
export const refuse = (detail: string) => Effect.fail(new StoreError({ reason: "constraint", detail }))

/** Channels, and their removal from the checks that tell them. */
export const ofChannels = (tables: Tables.Tables) => {
  const { projects, channels, channelSerials } = tables
  return {
    channels: (project) => Effect.sync(() => Tables.channelsOf(tables, project)),
    channel: (id) => Effect.sync(() => channels.get(id)),
    createChannel: (channel) =>
      Effect.suspend(() => {
        if (channels.has(channel.id)) return refuse(`Channel ${channel.id} exists already.`)
        if (!projects.has(channel.project)) return refuse(`Project ${channel.project} does not exist.`)
        channels.set(channel.id, channel)
        channelSerials.set(channel.id, Tables.nextSerial(tables, channel.project, "channel"))
        return Effect.void
      }),
    channelSerials: (project) =>
      Effect.sync(
        () => new Map(Tables.channelsOf(tables, project).map(({ id }) => [id, channelSerials.get(id)!])),
      ),
    updateChannel: (id, change) =>
      Effect.sync(() => {
        const channel = channels.get(id)
        if (channel !== undefined) channels.set(id, { ...channel, ...change })
        return channel !== undefined
      }),
    deleteChannel: (project, id) =>
      Effect.sync(() => channels.get(id)?.project === project && Removal.channel(tables, id)),
    disableChannel: (id, reason) =>
      Effect.sync(() => {
        const channel = channels.get(id)
        if (channel !== undefined) channels.set(id, { ...channel, disabled: reason })
      }),
    repairChannel: (id, now, isTold = false) =>
      Effect.sync(() => {
        const channel = channels.get(id)
        if (channel === undefined) return false
        const working = { disabled: undefined, failingSince: undefined, goneSince: undefined }
        const lastSuccess = isTold ? now : channel.lastSuccess
        channels.set(id, { ...channel, ...working, lastSuccess })
        Claims.release(tables, id, now, true)
        return true
      }),
  } satisfies Part
}

/** Groups of checks. */
export const ofGroups = (tables: Tables.Tables) => {
  const { projects, groups } = tables
  return {
    groups: (project) => Effect.sync(() => [...groups.values()].filter((group) => group.project === project)),
    createGroup: (group) =>
      Effect.suspend(() => {
        if (groups.has(group.id)) return refuse(`Group ${group.id} exists already.`)
        if (!projects.has(group.project)) return refuse(`Project ${group.project} does not exist.`)
        const numbered = { ...group, serial: Tables.nextSerial(tables, group.project, "group") }
        groups.set(group.id, numbered)
        return Effect.succeed(numbered)
      }),
    updateGroup: (project, id, change) =>
      Effect.sync(() => {
        const group = groups.get(id)
        if (group?.project !== project) return false
        groups.set(id, { ...group, ...change })
        return true
      }),
    deleteGroup: (project, id) =>
      Effect.sync(() => groups.get(id)?.project === project && Removal.group(tables, id)),
  } satisfies Part
}

/** Projects and their API keys. */
export const ofProjects = (tables: Tables.Tables) => {
  const { projects, keys } = tables
  return {
    projects: Effect.sync(() => [...projects.values()]),
    project: (id) => Effect.sync(() => projects.get(id)),
    projectByPingKey: (pingKey) =>
      Effect.sync(() => [...projects.values()].find((project) => project.pingKey === pingKey)),
    projectByBadgeKey: (badgeKey) =>
      Effect.sync(() => [...projects.values()].find((project) => project.badgeKey === badgeKey)),
    createProject: ({ project, keys: first }) =>
      Effect.suspend(() => {
        const { id, pingKey } = project
        if (projects.has(id)) return refuse(`Project ${id} exists already.`)
        if (pingKey !== undefined && [...projects.values()].some((other) => other.pingKey === pingKey)) {
          return refuse("Another project has the same ping key.")
        }
        const digests = new Set(first.map(({ digest }) => digest))
        if (digests.size < first.length || first.some(({ digest }) => keys.has(digest))) {
          return refuse("The API key exists already.")
        }
        if (first.some((key) => key.project !== id && !projects.has(key.project))) {
          return refuse("An API key names a project that does not exist.")
        }
        projects.set(id, project)
        for (const key of first) keys.set(key.digest, key)
        return Effect.void
      }),
    updateProject: (id, change) =>
      Effect.suspend(() => {
        const project = projects.get(id)
        if (project === undefined) return Effect.succeed(false)
        const { pingKey } = change
        const isTaken = [...projects.values()].some((other) => other.id !== id && other.pingKey === pingKey)
        if (pingKey !== undefined && isTaken) return refuse("Another project has the same ping key.")
        const { name, badgeKey, checkLimit, pingLogLimit } = change
        projects.set(id, { ...project, name, pingKey, badgeKey, checkLimit, pingLogLimit })
        return Effect.succeed(true)
      }),
    deleteProject: (id) => Effect.sync(() => Removal.project(tables, id)),
    silenceProject: (id, silencedUntil) =>
      Effect.sync(() => {
        const project = projects.get(id)
        if (project !== undefined) projects.set(id, { ...project, silencedUntil })
        return project !== undefined
      }),
    apiKey: (digest) => Effect.sync(() => keys.get(digest)),
    apiKeys: (project) => Effect.sync(() => [...keys.values()].filter((key) => key.project === project)),
    createApiKey: (key: ApiKey) =>
      Effect.suspend(() => {
        if (keys.has(key.digest)) return refuse("The API key exists already.")
        if (!projects.has(key.project)) return refuse(`Project ${key.project} does not exist.`)
        keys.set(key.digest, key)
        return Effect.void
      }),
    deleteApiKey: (project, beginning) =>
      Effect.sync(() => {
        const key = [...keys.values()].find(
          (one) => one.project === project && one.digest.startsWith(beginning),
        )
        return key !== undefined && keys.delete(key.digest)
      }),
  } satisfies Part
}
