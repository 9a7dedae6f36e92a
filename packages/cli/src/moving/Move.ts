/** What is to be done for a project of Overdue to take over from one of Healthchecks, and the doing of it. */
import {
  ClientError,
  type Channel,
  type Check,
  type Management,
  type NewCheck,
} from "@overdue/client/management"
import * as Zone from "@overdue/core/Zone"
import * as Uuid from "@overdue/core/Uuid"
import type { Json } from "@overdue/core/document/Field"
import { Failure } from "../Failure.ts"
import { equal, fields } from "../WrittenFields.ts"
import * as Unmovable from "./Unmovable.ts"
import type { Source, SourceChannel, SourceCheck } from "./Source.ts"

/** A check that moves, and what it is to be. */
interface Moving {
  readonly uuid: string
  readonly title: string
  readonly policy: NewCheck
  /** Nothing is expected of it on the old server. */
  readonly isPaused: boolean
}

/** One step of a move. */
export type Step =
  | { readonly is: "create"; readonly check: Moving }
  | { readonly is: "update"; readonly check: Moving; readonly fields: readonly string[] }
  | { readonly is: "ping key"; readonly key: string }
  | { readonly is: "badge key"; readonly key: string }

/** What is to be done, and what cannot be. */
export interface Plan {
  readonly steps: readonly Step[]
  /** How many checks are here as they are there. */
  readonly unchanged: number
  /** Sentences about what stays behind. */
  readonly left: readonly string[]
  /** Whose bounds hold for the checks: those of Overdue when the old server shows fields that only Overdue has. */
  readonly defaults: "own" | "healthchecks"
}

/** What the new project has. */
export interface Target {
  readonly checks: readonly Check[]
  readonly channels: readonly Channel[]
  readonly pingKey: string | undefined
  readonly badgeKey: string | undefined
}

/** How to move. */
export interface Options {
  readonly pingKey: string | undefined
  /** Whether a check that was heard of on the old server is expected here from its first slot on. */
  readonly isArming: boolean
}

const texts = ["name", "slug", "tags", "desc", "methods", "start_kw", "success_kw", "failure_kw"] as const
const flags = [
  "manual_resume",
  "filter_subject",
  "filter_body",
  "filter_http_body",
  "filter_default_fail",
] as const

/** Returns what is to be done. Fails with a `Failure` when the key of the old server does not show ids. */
export const plan = (source: Source, target: Target, { pingKey, isArming }: Options): Plan => {
  const left: string[] = []
  const assigned = channelsOf(source, target, left)
  const here = new Map(target.checks.map((check) => [check.uuid, check]))
  const steps: Step[] = []
  const isOurs = source.checks.some((document) => beyond.some(({ name }) => document[name] !== undefined))
  let unchanged = 0
  const nameless: SourceCheck[] = []
  for (const document of source.checks) {
    const check = moving(document, { isArming, isOurs })
    if (check === undefined) {
      nameless.push(document)
      continue
    }
    const existing = here.get(check.uuid)
    const why = Unmovable.why(document, existing, target.checks)
    if (why !== undefined) {
      left.push(`the check ${check.title}: ${why}`)
      continue
    }
    const channels = assigned(document, existing)
    const wanted = { ...check, policy: { ...check.policy, ...(channels !== undefined && { channels }) } }
    if (existing === undefined) steps.push({ is: "create", check: wanted })
    else {
      const changed = [
        ...differences(wanted.policy, existing),
        ...(isPausing(check, existing) ? ["paused"] : []),
      ]
      if (changed.length > 0) steps.push({ is: "update", check: wanted, fields: changed })
      else unchanged++
    }
  }
  if (nameless.length > 0 && nameless.length === source.checks.length) {
    throw new Failure(
      "the key shows no ids of checks, so it may only read; give --key an API key that may read and write",
    )
  }
  left.push(
    ...nameless.map(
      (document) => `the check ${titleOf(document) ?? "without a name"}: the server does not tell its id`,
    ),
  )
  const badgeKey = /\/badge\/([\w-]+)\//.exec(source.badge ?? "")?.[1]
  if (badgeKey !== undefined && badgeKey !== target.badgeKey) steps.push({ is: "badge key", key: badgeKey })
  if (pingKey !== undefined && pingKey !== target.pingKey) steps.push({ is: "ping key", key: pingKey })
  left.push(...untold(source, pingKey))
  return { steps, unchanged, left, defaults: isOurs ? "own" : "healthchecks" }
}

/**
 * Fails with a `Failure` when another project of the new server has the checks already, because it is the old one as
 * well: there, they cannot have their ids twice.
 */
export const expectElsewhere = async ({ steps }: Plan, api: Management): Promise<void> => {
  const first = steps.find((step) => step.is === "create")
  if (first === undefined) return
  try {
    await api.checks.get(first.check.uuid)
  } catch (error) {
    if (!(error instanceof ClientError) || error.status !== 403) return
    throw new Failure(
      "another project of the new server has these checks, and an id cannot be there twice: are --url and --to the same server? To copy a project there, use `overdue export` and `overdue apply`",
      { cause: error },
    )
  }
}

/** Makes one step. Rejects as the management API does. */
export const perform = async (step: Step, api: Management): Promise<void> => {
  switch (step.is) {
    case "create": {
      const { policy, uuid, isPaused } = step.check
      const made = await created(api, policy, uuid)
      if (made.uuid !== uuid) {
        throw new Failure(
          "the server gave it another id: --to is a server of Overdue, in a version that lets a check keep its id",
        )
      }
      if (isPaused) await api.checks.pause(uuid)
      return
    }
    case "update": {
      const { policy, uuid } = step.check
      const changed = new Set<string>(step.fields)
      if (changed.has("tz") && policy.schedule !== undefined) changed.add("schedule")
      const change = Object.entries(policy).filter(([name]) => changed.has(name))
      if (change.length > 0) await api.checks.update(uuid, Object.fromEntries(change))
      if (changed.has("paused")) await api.checks.pause(uuid)
      return
    }
    case "ping key":
      await api.project.update({ ping_key: step.key })
      return
    case "badge key":
      await api.project.update({ badge_key: step.key })
      return
  }
}

/** An answer may be lost: then the second try finds what the first has made. */
const created = async (api: Management, policy: NewCheck, uuid: string): Promise<Check> => {
  try {
    return await api.checks.create(policy, { remarks: true })
  } catch (error) {
    const isLost =
      error instanceof ClientError && ["TimedOut", "Unreachable", "Unavailable"].includes(error._tag)
    if (!isLost) throw error
    try {
      return await api.checks.get(uuid)
    } catch {
      throw error
    }
  }
}

/** Returns what a step is about, for messages. */
export const title = (step: Step): string =>
  step.is === "create" || step.is === "update" ? `${step.is} check ${step.check.title}` : `set the ${step.is}`

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

/** Fields that only servers of Overdue have; those leave them out when they are as at Healthchecks. */
const beyond = [...fields.values()].filter(({ isBeyond }) => isBeyond)

/** A pause there, which a move that was cut short has not made yet; or a later one, while the jobs still ping there. */
const isPausing = ({ isPaused }: Moving, { status, n_pings }: Check): boolean =>
  isPaused && status !== "paused" && n_pings === 0

const moving = (
  document: SourceCheck,
  { isArming, isOurs }: { readonly isArming: boolean; readonly isOurs: boolean },
): Moving | undefined => {
  const uuid = idOf(document)
  if (uuid === undefined) return undefined
  const badgeKey = /\/b\/[23]\/([0-9a-f-]{36})\.svg$/.exec(textOf(document["badge_url"]) ?? "")?.[1]
  const { timeout, grace, schedule, tz, status } = document
  const isHeardOf = status !== "new" && status !== "paused"
  const ours = beyond.map(({ name, absent }) => [name, document[name] ?? absent])
  const policy: Record<string, unknown> = {
    ...(isOurs && Object.fromEntries(ours)),
    uuid,
    ...(badgeKey !== undefined && { badge_key: badgeKey }),
    ...(typeof grace === "number" && { grace }),
    ...(typeof schedule === "string"
      ? { schedule, ...(typeof tz === "string" && { tz }) }
      : typeof timeout === "number" && { timeout }),
    ...(isArming && isHeardOf && { armed: true }),
  }
  for (const name of texts) if (typeof document[name] === "string") policy[name] = document[name]
  for (const name of flags) if (typeof document[name] === "boolean") policy[name] = document[name]
  // Servers from before there were keywords for bodies have those for subjects only.
  policy["success_kw"] ??= textOf(document["subject"]) ?? ""
  policy["failure_kw"] ??= textOf(document["subject_fail"]) ?? ""
  return { uuid, title: titleOf(document) ?? JSON.stringify(uuid), policy, isPaused: status === "paused" }
}

const titleOf = (document: SourceCheck): string | undefined => {
  const name = textOf(document["name"]) || textOf(document["slug"])
  return name === undefined ? undefined : JSON.stringify(name)
}

/** Servers before v3.5 show the id in addresses only. */
const idOf = (document: SourceCheck): string | undefined => {
  const place = [document["uuid"], document["update_url"], document["ping_url"]].map(textOf)
  const found = place.map((text) => new RegExp(`(?:^|/)(${Uuid.source})$`).exec(text ?? "")?.[1])
  return found.find((id) => id !== undefined)
}

const notCompared = new Set(["uuid", "badge_key", "armed"])

const differences = (policy: NewCheck, existing: Check): readonly string[] => {
  const answered = existing as unknown as Readonly<Record<string, unknown>> // safe because answers are JSON
  return Object.entries(policy).flatMap(([name, value]) =>
    notCompared.has(name) || isSame(answered, name, value) ? [] : [name],
  )
}

const isSame = (answered: Readonly<Record<string, unknown>>, name: string, value: unknown): boolean => {
  const { isBeyond, absent } = fields.get(name) ?? {}
  const now = answered[name] ?? (isBeyond === true ? absent : undefined)
  // safe because both are JSON
  return now !== undefined && equal(now as Json, plain(name, value) as Json)
}

/** Old servers know zones by old names. */
const plain = (name: string, value: unknown): unknown =>
  name === "tz" && typeof value === "string" ? Zone.canonical(value) : value

/**
 * Returns what gives the channels that a check is to have: those that it has, and those of the same name and kind as on
 * the old server; `undefined` when that changes nothing.
 */
const channelsOf = (source: Source, { channels }: Target, left: string[]) => {
  const same = new Map<string, string>()
  for (const there of source.channels ?? []) {
    const here = channels.find(({ name, kind }) => name === there.name && kind === there.kind)
    if (here !== undefined) same.set(there.id, here.id)
    else left.push(absent(there, source.checks))
  }
  return (document: SourceCheck, existing: Check | undefined): string | undefined => {
    const now = idsIn(existing?.channels)
    const more = idsIn(document["channels"]).flatMap((id) => same.get(id) ?? [])
    const all = [...new Set([...now, ...more])]
    return existing !== undefined && all.length === now.length ? undefined : all.toSorted().join(",")
  }
}

const idsIn = (list: unknown): readonly string[] => (textOf(list) ?? "").split(",").filter((id) => id !== "")

const absent = ({ id, name, kind }: SourceChannel, checks: readonly SourceCheck[]): string => {
  const users = checks.filter(({ channels }) => idsIn(channels).includes(id)).length
  return (
    `the channel ${JSON.stringify(name)} (${kind}), which ${users} of the checks tell: the API does not show its settings. ` +
    "Add one of the same name and kind, if there is such a kind, and import again to have it assigned"
  )
}

const untold = (source: Source, pingKey: string | undefined): readonly string[] => [
  ...source.untold,
  ...(source.checks.some((check) => check["badge_url"] === undefined)
    ? ["the badges of single checks: the server does not tell their addresses (Healthchecks before v3.10)"]
    : []),
  ...(pingKey === undefined && source.checks.some(({ slug }) => slug !== undefined && slug !== "")
    ? ["the ping key, which is part of the ping URLs by slug: give it as --ping-key (Project Settings there)"]
    : []),
  "pings, flips and the present status: what was up, down or running there is new here",
]
