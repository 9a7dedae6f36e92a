/** Which check a signal is for: its id or ping URL, or its slug, from flags and environment. */
import { address, ClientError } from "@overdue/client"
import type { Create, Target } from "@overdue/client"
import * as Uuid from "@overdue/core/Uuid"
import { UsageError } from "./Failure.ts"
import type { Flags, Values } from "./Flags.ts"
import * as Span from "./Span.ts"

/** Where a server listens that was started without flags. */
export const defaultUrl = "http://127.0.0.1:8000"

/** What `overdue run` and `overdue ping` take to name a check, and to create it. */
export const targetFlags = {
  check: {
    kind: "text",
    short: "c",
    value: "ID",
    env: "OVERDUE_CHECK",
    help: "the check: its id or its ping URL",
  },
  slug: { kind: "text", short: "s", value: "SLUG", help: "the check: its slug; needs a ping key" },
  url: { kind: "text", value: "URL", env: "OVERDUE_URL", default: defaultUrl, help: "address of the server" },
  "ping-key": { kind: "text", value: "KEY", env: "OVERDUE_PING_KEY", help: "the project's ping key" },
  create: {
    kind: "switch",
    help: "create the check if there is none with this slug, as the next seven flags say",
  },
  timeout: { kind: "text", value: "SPAN", help: "how often a signal is expected: 45m, 1d, …" },
  schedule: {
    kind: "text",
    value: "EXPR",
    help: "when a signal is expected instead: a cron or OnCalendar expression, every 2 weeks from a date, or never",
  },
  tz: { kind: "text", value: "ZONE", help: "the schedule's time zone, such as Europe/Riga" },
  grace: { kind: "text", value: "SPAN", help: "how late a signal may be, and how long a run may take" },
  name: { kind: "text", value: "NAME", help: "a name for people" },
  tags: { kind: "text", value: "TAGS", help: "tags, separated by spaces" },
  channels: {
    kind: "text",
    value: "LIST",
    help: "who is told: ids or exact names of channels, separated by commas; unless given, all",
  },
} as const satisfies Flags

/** Returns the check that the flags name. Fails with a `UsageError` that says what is missing. */
export const read = (flags: Values<typeof targetFlags>): Target => {
  const { check, slug, url = defaultUrl, "ping-key": pingKey, create } = flags
  const described = (["timeout", "schedule", "tz", "grace", "name", "tags", "channels"] as const).find(
    (name) => flags[name] !== undefined,
  )
  if (described !== undefined && !create) {
    throw new UsageError(`--${described} describes a check to create: add --create, or leave it out`)
  }
  if (check !== undefined && slug !== undefined) {
    throw new UsageError("--check (or OVERDUE_CHECK) and --slug both name a check: give one of them")
  }
  if (slug !== undefined) {
    if (pingKey === undefined) {
      throw new UsageError("--slug needs the project's ping key: --ping-key KEY or OVERDUE_PING_KEY")
    }
    if (!/^[a-z0-9_-]{1,100}$/.test(slug)) {
      throw new UsageError(`a slug has lower-case letters, digits, - and _ only, not ${JSON.stringify(slug)}`)
    }
    return { baseUrl: site(url), pingKey, slug, ...(create && { create: beginning(flags) }) }
  }
  if (create) throw new UsageError("--create needs the slug of the check: add --slug SLUG")
  if (check === undefined) throw new UsageError("name the check with --check ID or --slug SLUG")
  if (check.includes("://")) return pingUrl(check)
  const id = Uuid.parse(check)
  if (id === undefined) {
    throw new UsageError(
      "--check is an id such as 7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c, or a ping URL; for a slug, use --slug",
    )
  }
  return { baseUrl: site(url), id }
}

const pingUrl = (text: string): string => {
  const flag = "--check (or OVERDUE_CHECK)"
  try {
    address(site(text, flag))
    return text
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    const [, kind] = /\/(\w+)\/*$/.exec(new URL(text).pathname) ?? []
    throw new UsageError(
      `${flag}: leave out /${kind} at the end of the ping URL; \`overdue ping\` takes the kind as an argument, and \`overdue run\` sends start and end itself`,
    )
  }
}

const beginning = (flags: Values<typeof targetFlags>): Create => {
  const { schedule, tz, name, tags, channels } = flags
  const timeout = Span.parse("--timeout", flags.timeout)
  const grace = Span.parse("--grace", flags.grace)
  const fields = { name, timeout, grace, schedule, tz, tags, channels }
  // safe because only absent fields are left out
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Create
}

/** Returns a key that a request can carry. Fails with a `UsageError` that does not repeat it: it is a secret. */
export const key = (text: string, flag = "--api-key (or OVERDUE_API_KEY)"): string => {
  if (/^[!-~]+$/.test(text)) return text
  throw new UsageError(
    text === ""
      ? `${flag} is empty`
      : `${flag} has a space, a line break or another character that no key has; perhaps it came with the rest of a file`,
  )
}

/** Returns an address that is one. Fails with a `UsageError` that does not repeat it: a ping URL is a secret. */
export const site = (url: string, flag = "--url (or OVERDUE_URL)"): string => {
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new UsageError(
      `${flag} is an address that begins with http:// or https://, such as https://overdue.example.org`,
    )
  }
  return url
}
