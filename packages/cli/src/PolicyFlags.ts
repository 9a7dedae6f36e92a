/** The flags of `overdue checks create` and `update`, and the fields of the management API that they set. */
import type { CheckPolicy } from "@overdue/client/management"
import { fields } from "./CheckFields.ts"
import type { Json, Name } from "./CheckFields.ts"
import { UsageError } from "./Failure.ts"
import type { Flags, Values } from "./Flags.ts"
import { nearest } from "./Nearest.ts"

/** A flag for each of the usual fields, and `--set` for all of them. */
export const policyFlags = {
  name: { kind: "text", value: "NAME", help: "a name for people" },
  slug: { kind: "text", value: "SLUG", help: "a name for ping URLs" },
  tags: { kind: "text", value: "TAGS", help: "tags, separated by spaces" },
  desc: { kind: "text", value: "TEXT", help: "a description" },
  timeout: { kind: "text", value: "SPAN", help: "how often a signal is expected: 45m, 1d, …" },
  schedule: {
    kind: "text",
    value: "EXPR",
    help: "when a signal is expected instead: a cron or OnCalendar expression",
  },
  tz: { kind: "text", value: "ZONE", help: "the schedule's time zone" },
  grace: { kind: "text", value: "SPAN", help: "how late a signal may be" },
  "max-runtime": { kind: "text", value: "SPAN", help: "how long a run may take, or never for no limit" },
  "min-runtime": {
    kind: "text",
    value: "SPAN",
    help: "how long a run must take: a success that comes sooner is a failure",
  },
  runs: {
    kind: "text",
    value: "WHICH",
    choices: ["latest", "every"],
    help: "which of several open runs are timed",
  },
  "remind-every": { kind: "text", value: "SPAN", help: "repeat alerts while the check is down" },
  methods: {
    kind: "text",
    value: "METHOD",
    choices: ["", "POST"],
    help: "POST ignores pings by other methods",
  },
  channels: { kind: "text", value: "LIST", help: "ids or names of channels, separated by commas; * is all" },
  set: {
    kind: "texts",
    value: "FIELD=VALUE",
    help: 'any field of the management API, the value as JSON or as text: alert={"failures":3}',
  },
} as const satisfies Flags

/** Returns the fields that the flags set, in the words of the API. Fails with a `UsageError` for a wrong value. */
export const read = (flags: Values<typeof policyFlags>): CheckPolicy => {
  const policy: Record<string, Json> = {}
  for (const flag of Object.keys(policyFlags) as readonly (keyof typeof policyFlags)[]) {
    // safe because policyFlags has no other keys
    const value = flags[flag]
    const field = flag.replace("-", "_")
    if (typeof value === "string") policy[field] = convert(field, `--${flag}`, value)
  }
  for (const pair of flags.set) {
    const [, field = "", text = ""] = /^([a-z_]+)=(.*)$/s.exec(pair) ?? []
    if (!Object.hasOwn(fields, field)) {
      const near = nearest(field, Object.keys(fields))
      throw new UsageError(
        `--set takes FIELD=VALUE, and there is no field in ${JSON.stringify(pair)}${near === undefined ? "" : `; did you mean ${near}?`}`,
      )
    }
    policy[field] = convert(field, `--set ${field}`, parsed(text))
  }
  return policy
}

const convert = (field: string, label: string, value: unknown): Json => {
  const outcome = fields[field as Name].read(value) // safe because callers have looked it up
  if (typeof outcome === "string") throw new UsageError(`${label} ${outcome}, not ${JSON.stringify(value)}`)
  return outcome.value
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
