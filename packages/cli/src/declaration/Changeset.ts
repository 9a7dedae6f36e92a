/** What has to change for a project to be as declared; and doing it. */
import type { Channel, Check, CheckPolicy, Management } from "@overdue/client/management"
import { equal, fields, names, valueOf } from "../CheckFields.ts"
import type { Json, Name } from "../CheckFields.ts"
import { Failure } from "../Failure.ts"
import type { Environment } from "../Io.ts"
import * as Select from "../Select.ts"
import { plain } from "../Style.ts"
import type { Paint } from "../Style.ts"
import type { ChannelDeclaration, Wanted, WantedCheck } from "./Declaration.ts"

export interface Change {
  readonly field: Name
  readonly from: Json
  readonly to: Json
}

export type Step =
  | { readonly is: "create channel"; readonly channel: ChannelDeclaration }
  | { readonly is: "create check"; readonly check: WantedCheck }
  | { readonly is: "update check"; readonly check: Check; readonly changes: readonly Change[] }
  | { readonly is: "delete check"; readonly check: Check }
  | { readonly is: "delete channel"; readonly channel: Channel }

export interface Plan {
  readonly steps: readonly Step[]
  /** How many checks and channels are as declared already. */
  readonly unchanged: number
}

export interface Project {
  readonly checks: readonly Check[]
  readonly channels: readonly Channel[]
}

/** In the order in which they must be done: what others refer to is made first and deleted last. */
export const make = (
  wanted: Wanted,
  project: Project,
  { prune, environment }: { readonly prune: boolean; readonly environment: Environment },
): Plan => {
  const matched = wanted.checks.map((check) => ({ check, existing: find(check, project.checks) }))
  const newChannels = wanted.channels
    .filter((channel) => !exists(channel, project.channels))
    .map((channel) => ({ ...channel, value: filled(channel, environment) }))
  const steps: Step[] = newChannels.map((channel) => ({ is: "create channel", channel }))
  for (const { check, existing } of matched) {
    if (existing === undefined) steps.push({ is: "create check", check })
    else {
      const changes = differences(check, existing, project.channels, wanted.channels)
      if (changes.length > 0) steps.push({ is: "update check", check: existing, changes })
    }
  }
  if (prune) {
    const kept = new Set(matched.map(({ existing }) => existing))
    const keptNames = new Set(wanted.channels.map(({ name }) => name))
    for (const check of project.checks) if (!kept.has(check)) steps.push({ is: "delete check", check })
    for (const channel of project.channels) {
      if (!keptNames.has(channel.name)) steps.push({ is: "delete channel", channel })
    }
  }
  const touched = steps.filter(({ is }) => !is.startsWith("delete")).length
  return { steps, unchanged: wanted.checks.length + wanted.channels.length - touched }
}

const find = ({ by, key }: WantedCheck, checks: readonly Check[]): Check | undefined => {
  const [found, ...others] = checks.filter((check) => check[by] === key)
  if (others.length > 0) {
    throw new Failure(
      `${others.length + 1} checks have the ${by} ${JSON.stringify(key)}; give them slugs of their own first`,
    )
  }
  return found
}

const exists = ({ name, kind }: ChannelDeclaration, channels: readonly Channel[]): boolean => {
  const same = channels.filter((channel) => channel.name === name)
  if (same.length > 1) throw new Failure(`${same.length} channels have the name ${JSON.stringify(name)}`)
  if (same[0] !== undefined && same[0].kind !== kind) {
    throw new Failure(`the channel ${JSON.stringify(name)} is of the kind ${same[0].kind}, not ${kind}`)
  }
  return same.length === 1
}

const differences = (
  wanted: WantedCheck,
  check: Check,
  channels: readonly Channel[],
  coming: readonly ChannelDeclaration[],
): readonly Change[] =>
  names.flatMap((field): readonly Change[] => {
    const value = wanted.fields[field]
    if (value === undefined) return []
    const from = valueOf(check, field)
    if (field !== "channels") return equal(from, value) ? [] : [{ field, from, to: value }]
    const before = labels(from, channels)
    const after = value === "*" ? all(channels, coming) : labels(value, channels)
    return equal(before, after) ? [] : [{ field, from: before.join(","), to: value }]
  })

/** Ids and names of channels as names, in one order. */
const labels = (list: Json, channels: readonly Channel[]): readonly string[] => {
  if (typeof list !== "string") return []
  const label = (word: string) => channels.find(({ id }) => id === word)?.name || word
  return list
    .split(",")
    .filter((word) => word !== "")
    .map((word) => label(word.trim()))
    .toSorted()
}

const all = (channels: readonly Channel[], coming: readonly ChannelDeclaration[]): readonly string[] =>
  [...new Set([...channels, ...coming].map(({ name }) => name))].toSorted()

/** Does one step. What the server refuses names the step. */
export const take = async (step: Step, api: Management): Promise<void> => {
  switch (step.is) {
    case "create channel":
      await api.channels.create({ ...step.channel, value: step.channel.value })
      return
    case "create check":
      await api.checks.create(step.check.fields as CheckPolicy) // safe because each field was read
      return
    case "update check": {
      const { uuid = "" } = step.check
      await api.checks.update(uuid, policy(step.check, step.changes))
      return
    }
    case "delete check":
      await api.checks.delete(step.check.uuid ?? "")
      return
    case "delete channel":
      await api.channels.delete(step.channel.id)
      return
  }
}

/** A changed zone is of no use to the server without the schedule that it belongs to. */
const policy = (check: Check, changes: readonly Change[]): CheckPolicy => {
  const values: Record<string, Json> = Object.fromEntries(changes.map(({ field, to }) => [field, to]))
  if ("tz" in values && !("schedule" in values) && check.schedule !== undefined)
    values.schedule = check.schedule
  return values
}

/** The value of a channel; `${NAME}` in every text of it is the environment variable. */
const filled = ({ name: channel, value }: ChannelDeclaration, environment: Environment): unknown => {
  if (value === undefined)
    throw new Failure(`the channel ${JSON.stringify(channel)} is new and needs a value`)
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "string"
      ? part.replace(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => {
          const found = environment[name]
          if (found === undefined) {
            throw new Failure(`the channel ${JSON.stringify(channel)} needs the environment variable ${name}`)
          }
          return found
        })
      : part,
  )
}

/** For people: one block a step, with what is now in red and what will be in green. */
export const print = ({ steps, unchanged }: Plan, paint: Paint): string => {
  const lines = steps.flatMap((step) => describe(step, paint))
  const counts = (["create", "update", "delete"] as const)
    .map((verb) => [verb, steps.filter(({ is }) => is.startsWith(verb)).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verb, count]) => `${count} to ${verb}`)
  const summary = [...counts, `${unchanged} unchanged`].join(", ")
  return `${[...lines, paint("bold", steps.length === 0 ? `Nothing to do: ${summary}` : `Plan: ${summary}`)].join("\n")}\n`
}

const describe = (step: Step, paint: Paint): readonly string[] => {
  switch (step.is) {
    case "create channel":
      return [paint("green", `+ channel ${plain(step.channel.name)} (${plain(step.channel.kind)})`), ""]
    case "delete channel":
      return [paint("red", `- channel ${plain(step.channel.name)} (${plain(step.channel.kind)})`), ""]
    case "delete check":
      return [paint("red", `- check ${Select.title(step.check)}`), ""]
    case "create check": {
      const told = names.flatMap((name) => {
        const value = step.check.fields[name]
        return value === undefined ? [] : [[name, value] as const]
      })
      const width = Math.max(...told.map(([name]) => name.length))
      return [
        paint("green", `+ check ${plain(step.check.key)}`),
        ...told.map(([name, value]) => paint("green", `    ${name.padEnd(width)}  ${shown(name, value)}`)),
        "",
      ]
    }
    case "update check": {
      const width = Math.max(...step.changes.map(({ field }) => field.length))
      return [
        paint("yellow", `~ check ${Select.title(step.check)}`),
        ...step.changes.map(
          ({ field, from, to }) =>
            `    ${field.padEnd(width)}  ${paint("red", shown(field, from))} → ${paint("green", shown(field, to))}`,
        ),
        "",
      ]
    }
  }
}

const shown = (name: Name, value: Json): string => {
  if (value === null || value === "") return "none"
  const written = fields[name].write(value)
  return plain(typeof written === "string" ? written : JSON.stringify(written))
}
