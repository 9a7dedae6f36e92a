/** The changes that make a project what a file declares: found, before `Call` makes them one by one. */
import type { Channel, Check } from "@overdue/client/management"
import { nameRefusal } from "@overdue/core/Channel"
import type { Json } from "@overdue/core/document/Field"
import * as Zone from "@overdue/core/Zone"
import * as ChannelChoice from "@overdue/core/document/ChannelChoice"
import type { Remark } from "@overdue/core/Policy"
import * as Result from "effect/Result"
import { Failure } from "../Failure.ts"
import type { Environment } from "../Io.ts"
import * as AskedView from "../AskedView.ts"
import * as Select from "../Select.ts"
import * as Written from "../Written.ts"
import { equal, fields, shownOf, valueOf } from "../WrittenFields.ts"
import * as Foreign from "./Foreign.ts"
import * as Planned from "./Planned.ts"
import { isDeclarable, type ChannelDeclaration, type Wanted, type WantedCheck } from "./Declaration.ts"

/** A field of a check before and after, in the words of the management API. */
export interface Difference {
  readonly field: string
  readonly from: Json
  readonly to: Json
}

/** One call of the management API. */
export type Change =
  | { readonly is: "create channel"; readonly channel: ChannelDeclaration }
  | { readonly is: "create check"; readonly check: WantedCheck; readonly remarks: readonly Remark[] }
  | {
      readonly is: "update check"
      readonly check: Check
      readonly differences: readonly Difference[]
      readonly remarks: readonly Remark[]
    }
  | { readonly is: "delete check"; readonly check: Check }
  | { readonly is: "delete channel"; readonly channel: Channel }

/** What has to be done for a project to be as declared. */
export interface Changeset {
  /** In the order in which they must be made: what others refer to is created first and deleted last. */
  readonly changes: readonly Change[]
  /** How many checks and channels are as declared already. */
  readonly unchanged: number
}

/** How changes are found. */
export interface Options {
  /** Whether what the file does not mention is deleted. */
  readonly prune: boolean
  readonly environment: Environment
  /** In epoch milliseconds: remarks are about what comes after it. */
  readonly now: number
  /** Whether the server is one of Healthchecks, which has fewer fields, and channels that only its pages change. */
  readonly isHealthchecks?: boolean
}

/** What a project has now. */
export interface Inventory {
  readonly checks: readonly Check[]
  readonly channels: readonly Channel[]
}

/**
 * Returns the changes from what a project has to what is wanted. Fails with a `Failure` when that is ambiguous, or when
 * the server would refuse a check, so that nothing is changed then.
 */
export const make = (wanted: Wanted, project: Inventory, options: Options): Changeset => {
  const { prune, environment, now, isHealthchecks = false } = options
  const refused: string[] = []
  const matched = wanted.checks.map((check) => {
    const existing = find(check, project.checks)
    if (existing === undefined) refused.push(...clashes(check, project.checks))
    return { check: inZone(check, existing), existing }
  })
  const newChannels = wanted.channels
    .filter((channel) => !exists(channel, project.channels))
    .map((channel) => ({ ...channel, value: filled(channel, environment) }))
  for (const { name } of newChannels) {
    const expected = nameRefusal(name)
    if (expected !== undefined) refused.push(`channel ${JSON.stringify(name)}: name: expected ${expected}`)
  }
  const changes: Change[] = newChannels.map((channel) => ({ is: "create channel", channel }))
  for (const { check, existing } of matched) {
    const found =
      existing === undefined ? [] : differences(check, existing, project.channels, wanted.channels)
    if (existing !== undefined && found.length === 0) continue
    const judged = Planned.judge(check.fields, existing, {
      now,
      defaults: isHealthchecks ? "healthchecks" : "own",
    })
    const { remarks } = judged
    const refusal =
      (isHealthchecks ? Foreign.ofCheck(check, existing) : undefined) ??
      judged.refusal ??
      AskedView.unwatched(check.fields["probe"], existing, project.checks) ??
      wrongChannels(check, project.channels, wanted.channels)
    if (refusal !== undefined) refused.push(`check ${JSON.stringify(check.key)}: ${refusal}`)
    if (existing === undefined) changes.push({ is: "create check", check, remarks })
    else changes.push({ is: "update check", check: existing, differences: found, remarks })
  }
  if (prune) {
    const kept = new Set(matched.map(({ existing }) => existing))
    const keptNames = new Set(wanted.channels.map(({ name }) => name))
    for (const check of project.checks)
      // No file can have a server monitor, so none is missing from this one.
      if (!kept.has(check) && check.family !== "server") changes.push({ is: "delete check", check })
    for (const channel of project.channels) {
      // A channel that no file can name is not missing from this one.
      const isMissing = isDeclarable(channel.name, project.channels) && !keptNames.has(channel.name)
      if (isMissing) changes.push({ is: "delete channel", channel })
    }
  }
  for (const change of changes) {
    const isOfChannel = change.is === "create channel" || change.is === "delete channel"
    if (isHealthchecks && isOfChannel) refused.push(Foreign.ofChannel(change.is, change.channel.name))
  }
  if (refused.length > 0)
    throw new Failure(
      `the server${isHealthchecks ? ", which is one of Healthchecks," : ""} would refuse:\n  ${refused.join("\n  ")}`,
    )
  const touched = changes.filter(({ is }) => !is.startsWith("delete")).length
  return { changes, unchanged: wanted.checks.length + wanted.channels.length - touched }
}

const find = ({ by, key }: WantedCheck, checks: readonly Check[]): Check | undefined => {
  const [found, ...others] = checks.filter((check) => check[by] === key)
  if (others.length > 0) {
    throw new Failure(
      `${others.length + 1} checks of the project have the ${by} ${JSON.stringify(key)}; give each a slug of its own first`,
    )
  }
  return found
}

/** An id is for good: a check that is there already under another one would be there twice. */
const clashes = ({ by, key, fields }: WantedCheck, checks: readonly Check[]): readonly string[] => {
  const { slug } = fields
  if (by !== "uuid" || typeof slug !== "string" || slug === "") return []
  const other = checks.find((check) => check.slug === slug)
  return other === undefined
    ? []
    : [`check ${JSON.stringify(slug)}: it has the id ${other.uuid}, not ${key}, and ids cannot change`]
}

/** Returns a check with its quiet windows in its zone: the one that is wanted, that it has, or UTC. */
const inZone = (wanted: WantedCheck, existing: Check | undefined): WantedCheck => {
  const { tz = existing?.tz } = wanted.fields
  const zone = Zone.read(typeof tz === "string" ? tz : "UTC")
  if (Result.isFailure(zone)) return wanted
  const read = Object.entries(wanted.fields).map(([name, value]) => {
    const { form } = fields.get(name) ?? {}
    return [name, form === undefined ? value : Written.inZone(form, value, zone.success)] as const
  })
  return { ...wanted, fields: Object.fromEntries(read) }
}

const exists = ({ name, kind }: ChannelDeclaration, channels: readonly Channel[]): boolean => {
  const same = channels.filter((channel) => channel.name === name)
  if (same.length > 1)
    throw new Failure(
      `${same.length} channels of the project have the name ${JSON.stringify(name)}; remove or rename all but one`,
    )
  if (same[0] !== undefined && same[0].kind !== kind) {
    throw new Failure(
      `the channel ${JSON.stringify(name)} exists with the kind ${same[0].kind}, not ${kind}; give the new channel another name`,
    )
  }
  return same.length === 1
}

const differences = (
  wanted: WantedCheck,
  check: Check,
  channels: readonly Channel[],
  coming: readonly ChannelDeclaration[],
): readonly Difference[] =>
  [...fields.values()].flatMap((known): readonly Difference[] => {
    const { name: field, form } = known
    const value = wanted.fields[field]
    if (value === undefined) return []
    // No answer shows the zone of a check without a schedule, which is only for reading its quiet windows.
    if (field === "tz" && check.schedule === undefined && wanted.fields["schedule"] === undefined) return []
    const staysAsked = AskedView.isAsked(check) && wanted.fields["probe"] !== null
    const from = staysAsked ? shownOf(check, known) : valueOf(check, known)
    if (field !== "channels") {
      // Lists of words are equal when their words are, however they are spaced.
      const words = (list: Json): Json => (form.is === "words" ? Written.listOf(form.by, list) : list)
      return equal(words(from), words(value)) ? [] : [{ field, from, to: value }]
    }
    const before = idsOf(from, channels)
    const after = value === "*" ? all(channels, coming) : idsOf(value, channels)
    return equal(before, after) ? [] : [{ field, from: labels(before, channels), to: value }]
  })

/** Returns the ids of channels that are given by id or name, sorted; the name of one that is still to be created. */
const idsOf = (list: Json, channels: readonly Channel[]): readonly string[] => {
  const idOf = (word: string) =>
    (channels.find(({ id }) => id === word) ?? channels.find(({ name }) => name === word))?.id ?? word
  return Written.listOf(",", list).map(idOf).toSorted()
}

/** Returns why the server would refuse the channels of a check; `undefined` when it would not. */
const wrongChannels = (
  { fields: { channels: choice } }: WantedCheck,
  channels: readonly Channel[],
  coming: readonly ChannelDeclaration[],
): string | undefined => {
  if (typeof choice !== "string") return undefined
  const fresh = coming.filter(({ name }) => !channels.some((channel) => channel.name === name))
  const known = [...channels, ...fresh.map(({ name }) => ({ id: name, name }))]
  const found = ChannelChoice.resolve(choice, known)
  return Result.isFailure(found) ? found.failure : undefined
}

const all = (channels: readonly Channel[], coming: readonly ChannelDeclaration[]): readonly string[] => {
  const fresh = coming.filter(({ name }) => !channels.some((channel) => channel.name === name))
  return [...channels.map(({ id }) => id), ...fresh.map(({ name }) => name)].toSorted()
}

/** Returns channels as people name them. */
const labels = (ids: readonly string[], channels: readonly Channel[]): string =>
  ids
    .map((id) => channels.find((channel) => channel.id === id)?.name || id)
    .toSorted()
    .join(",")

/** Returns the value of a channel, with environment variables in place of `${NAME}` in each of its texts. */
const filled = ({ name: channel, value }: ChannelDeclaration, environment: Environment): unknown => {
  if (value === undefined)
    throw new Failure(`the channel ${JSON.stringify(channel)} is new: add its value to the file`)
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "string"
      ? part.replace(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => {
          // Node's `process.env` inherits `toString` and the like.
          const found = Object.hasOwn(environment, name) ? environment[name] : undefined
          if (found === undefined) {
            throw new Failure(
              `the value of the channel ${JSON.stringify(channel)} names the environment variable ${name}, which is not set`,
            )
          }
          return found
        })
      : part,
  )
}

/** Returns what a change is about, for messages: `create check "backup"`. */
export const title = (change: Change): string => {
  switch (change.is) {
    case "create channel":
    case "delete channel":
      return `${change.is} ${JSON.stringify(change.channel.name)}`
    case "create check":
      return `${change.is} ${JSON.stringify(change.check.key)}`
    case "update check":
    case "delete check":
      return `${change.is} ${JSON.stringify(Select.title(change.check))}`
  }
}
