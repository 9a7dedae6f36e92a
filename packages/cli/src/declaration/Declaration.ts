/** What a file declares a project to be: its checks and channels, read with the place of every mistake. */
import * as Result from "effect/Result"
import type { Probe } from "@overdue/client/management"
import { nameRefusal } from "@overdue/core/Channel"
import type { Json } from "@overdue/core/document/Field"
import * as Uuid from "@overdue/core/Uuid"
import { Failure } from "../Failure.ts"
import { nearest } from "../Nearest.ts"
import * as Written from "../Written.ts"
import { fields, joined, type WrittenField } from "../WrittenFields.ts"

/** A length of time: `"45s"`, `"15m"`, `"1h 30m"`, `"200ms"`; a number is seconds. */
export type Span = string | number

/** A check, found by its id, its slug or its name, by the first of them that is given. What is left out stays as it is. */
export interface CheckDeclaration {
  readonly name?: string
  readonly slug?: string
  readonly tags?: string | readonly string[]
  readonly desc?: string
  readonly timeout?: Span
  readonly schedule?: string
  readonly tz?: string
  readonly grace?: Span
  readonly early?: Span
  /** A length of time, or `never`. */
  readonly max_runtime?: Span | null
  readonly min_runtime?: Span | null
  readonly start_satisfies?: boolean
  readonly armed?: boolean
  readonly runs?: "latest" | "every"
  readonly alert?: { readonly failures?: number; readonly out_of?: number; readonly recoveries?: number }
  /** Without a `tz`, a schedule and local times are on the clock of the check's own `tz`. */
  readonly quiet?: readonly (
    | { readonly schedule: string; readonly tz?: string; readonly duration: Span }
    | { readonly every: Span; readonly duration: Span }
    | { readonly from: string; readonly to: string; readonly tz?: string }
  )[]
  readonly remind_every?: Span | null
  readonly notify_on_first_ping?: boolean
  /** What the server asks by itself: a URL, or more; `null`: nothing. */
  readonly probe?: string | ProbeDeclaration | null
  /** Slugs and tags of checks without which it cannot work: while one of them is down, its alerts are held. */
  readonly after?: string | readonly string[]
  readonly manual_resume?: boolean
  readonly methods?: string | readonly string[]
  readonly start_kw?: string
  readonly success_kw?: string
  readonly failure_kw?: string
  readonly filter_subject?: boolean
  readonly filter_body?: boolean
  readonly filter_http_body?: boolean
  readonly filter_default_fail?: boolean
  /** Names or ids; `*` is all of the project. */
  readonly channels?: string | readonly string[]
}

/** A probe; what is left out is as the server has it by default. */
export interface ProbeDeclaration extends Omit<Probe, "every" | "grace" | "recovery"> {
  readonly every?: Span
  readonly grace?: Span
  readonly recovery?: Span
}

/** What a new check keeps from another server. */
export interface Identity {
  /** The UUID, by which the check is found again. */
  readonly id?: string
  /** The key in the address of its badge. */
  readonly badge_key?: string
}

/** A channel, found by its name. The server never shows a value, so a change of the value is not noticed. */
export interface ChannelDeclaration {
  readonly name: string
  readonly kind: string
  /** Needed to create it. `${NAME}` in a text is the environment variable of that name. */
  readonly value?: unknown
}

/** The content of a file. */
export interface Declaration {
  readonly channels?: readonly ChannelDeclaration[]
  readonly checks?: readonly (CheckDeclaration & Identity)[]
}

/**
 * Whether a file can name a channel of a project. One with a name that no channel can be given any more, or that is not
 * its own, can only be given by its id.
 */
export const isDeclarable = (name: string, channels: readonly { readonly name: string }[]): boolean =>
  name !== "" &&
  nameRefusal(name) === undefined &&
  channels.filter((channel) => channel.name === name).length === 1

/** A declared check that was read: how to find it, and its fields in the words of the management API. */
export interface WantedCheck {
  readonly by: "uuid" | "slug" | "name"
  readonly key: string
  /** What it keeps from another server when it is created. */
  readonly birth: { readonly uuid?: string; readonly badge_key?: string }
  readonly fields: Readonly<Record<string, Json>>
}

/** A declaration that was read and has no mistakes. */
export interface Wanted {
  readonly channels: readonly ChannelDeclaration[]
  readonly checks: readonly WantedCheck[]
}

/** Returns what a file declares. Fails with a `Failure` that names the place of every mistake. */
export const read = (document: unknown, known: ReadonlyMap<string, WrittenField> = fields): Wanted => {
  const problems: string[] = []
  const { channels, checks, ...others } = members(document, "the file", problems)
  for (const name of Object.keys(others)) {
    problems.push(`${name}: unknown; a file has checks and channels`)
  }
  const wanted: Wanted = {
    channels: items(channels, "channels", problems).map((item, index) =>
      channel(item, `channels[${index}]`, problems),
    ),
    checks: items(checks, "checks", problems).map((item, index) =>
      check({ item, known, place: `checks[${index}]` }, problems),
    ),
  }
  const keys = wanted.checks.flatMap(({ by, key }) => (key === "" ? [] : [`${by} ${JSON.stringify(key)}`]))
  for (const key of duplicates(keys)) problems.push(`checks: two have the ${key}`)
  for (const name of duplicates(wanted.channels.map(({ name }) => name).filter((name) => name !== ""))) {
    problems.push(`channels: two have the name ${JSON.stringify(name)}`)
  }
  if (problems.length > 0) throw new Failure(`the file has mistakes:\n  ${problems.join("\n  ")}`)
  return wanted
}

const check = (
  { item, known, place }: { item: unknown; known: ReadonlyMap<string, WrittenField>; place: string },
  problems: string[],
): WantedCheck => {
  const values: Record<string, Json> = {}
  const { id, badge_key, ...written } = members(item, place, problems)
  const birth = {
    ...uuidOf("uuid", id, `${place}.id`, problems),
    ...uuidOf("badge_key", badge_key, `${place}.badge_key`, problems),
  }
  for (const [name, value] of Object.entries(written)) {
    const field = known.get(name)
    if (field === undefined) {
      const near = nearest(name, ["id", "badge_key", ...known.keys()])
      problems.push(`${place}.${name}: unknown field${near === undefined ? "" : `; did you mean ${near}?`}`)
      continue
    }
    const outcome = Written.read(field.form, value)
    if (typeof outcome === "string") {
      problems.push(`${place}.${name}: it ${outcome}${field.isSecret ? "" : `, not ${brief(value)}`}`)
      continue
    }
    const problem = field.problem(outcome.value)
    if (problem !== undefined) problems.push(`${place}.${problem}`)
    values[name] = field.plain(outcome.value)
  }
  const sent = joined(values)
  if (Result.isFailure(sent)) problems.push(`${place}: ${sent.failure}`)
  const wanted = Result.getOrElse(sent, () => values)
  const [slug, name] = [textOf(values["slug"]), textOf(values["name"])]
  if (birth.uuid !== undefined) return { by: "uuid", key: birth.uuid, birth, fields: wanted }
  if (slug === "" && name === "")
    problems.push(`${place}: it needs a slug or a name, by which apply finds it again`)
  return slug === ""
    ? { by: "name", key: name, birth, fields: wanted }
    : { by: "slug", key: slug, birth, fields: wanted }
}

const uuidOf = (
  name: "uuid" | "badge_key",
  value: unknown,
  place: string,
  problems: string[],
): WantedCheck["birth"] => {
  if (value === undefined) return {}
  if (typeof value === "string" && Uuid.isValid(value)) return { [name]: value }
  problems.push(`${place}: it is a UUID in lower case, not ${brief(value)}`)
  return {}
}

const channel = (item: unknown, place: string, problems: string[]): ChannelDeclaration => {
  const { name, kind, value, ...others } = members(item, place, problems)
  for (const other of Object.keys(others))
    problems.push(`${place}.${other}: unknown; a channel has name, kind and value`)
  if (typeof name !== "string" || name === "") problems.push(`${place}.name: it is text that is not empty`)
  if (typeof kind !== "string" || kind === "") problems.push(`${place}.kind: it is text that is not empty`)
  return { name: textOf(name), kind: textOf(kind), ...(value !== undefined && { value }) }
}

const members = (value: unknown, place: string, problems: string[]): Readonly<Record<string, unknown>> => {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value }
  problems.push(`${place}: it is a mapping of fields, not ${brief(value)}`)
  return {}
}

const items = (value: unknown, place: string, problems: string[]): readonly unknown[] => {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  problems.push(`${place}: it is a list`)
  return []
}

/** A value as a message quotes it. */
const brief = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing"
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

const duplicates = (texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.filter((text, index) => texts.indexOf(text) < index))
