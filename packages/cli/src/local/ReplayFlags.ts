/** The policy that `overdue replay` compares with, as flags say it. */
import * as Limits from "@overdue/core/Limits"
import type { PlanInput } from "@overdue/engine/PlanInput"
import { UsageError } from "../Failure.ts"
import { whole, type Flags, type Values } from "../Flags.ts"
import * as Span from "../Span.ts"

/** What can be changed for a replay. */
export const flags = {
  grace: { kind: "text", value: "SPAN", help: "how late a signal may be: 90s, 15m, 2h" },
  timeout: { kind: "text", value: "SPAN", help: "how often a signal is expected: 45m, 1d" },
  schedule: {
    kind: "text",
    value: "EXPR",
    help: "when a signal is expected instead: a cron or OnCalendar expression, every 2 weeks from a date, or never",
  },
  tz: { kind: "text", value: "ZONE", help: "the schedule's time zone" },
  early: { kind: "text", value: "SPAN", help: "how early a signal may be for its slot" },
  "start-satisfies": { kind: "toggle", help: "an open start postpones the deadline to the next slot" },
  armed: { kind: "toggle", alias: "arm", help: "a new or resumed check expects its first signal" },
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
  failures: { kind: "text", value: "N", help: "down when N of the last outcomes failed" },
  "out-of": {
    kind: "text",
    value: "N",
    help: "how many of the last outcomes count for --failures; by default as many",
  },
  recoveries: { kind: "text", value: "N", help: "up after N successes in a row" },
  "remind-every": { kind: "text", value: "SPAN", help: "repeat alerts while the check is down" },
} as const satisfies Flags

type Given = Values<typeof flags>

/** The changed fields of a policy. */
export interface PolicyChanges extends PlanInput {
  /** A cron or OnCalendar expression. */
  readonly expression?: string
}

/** Returns what the flags change. Fails with a `UsageError` for a wrong value; a schedule is not read here. */
export const read = (given: Given): PolicyChanges => {
  const span = (name: "grace" | "timeout" | "early" | "max-runtime" | "min-runtime" | "remind-every") => {
    const seconds = Span.parse(`--${name}`, given[name])
    return seconds === undefined ? undefined : Math.round(seconds * 1000)
  }
  if (given.schedule !== undefined && given.timeout !== undefined) {
    throw new UsageError("--timeout and --schedule both say when signals are expected: give one")
  }
  const entries: Readonly<Record<string, unknown>> = {
    grace: span("grace"),
    every: span("timeout"),
    expression: given.schedule,
    zone: given.tz,
    early: span("early"),
    startSatisfies: given["start-satisfies"],
    armed: given.armed,
    maxRuntime: given["max-runtime"] === "never" ? "never" : span("max-runtime"),
    minRuntime: span("min-runtime"),
    runs: given.runs,
    alert: alert(given),
    remindEvery: span("remind-every"),
  }
  // safe because each value is what PolicyChanges has under its name
  const changes: PolicyChanges = Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined),
  )
  if (Object.keys(changes).length === 0) {
    throw new UsageError(
      `name at least one change: ${Object.keys(flags)
        .map((flag) => `--${flag}`)
        .join(", ")}`,
    )
  }
  return changes
}

const alert = (given: Given) => {
  const bounds = { least: 1, most: Limits.outcomes }
  const failures = whole("--failures", given.failures, bounds)
  const outOf = whole("--out-of", given["out-of"], bounds) ?? failures
  const recoveries = whole("--recoveries", given.recoveries, bounds)
  const parts = Object.entries({ failures, outOf, recoveries }).filter(([, value]) => value !== undefined)
  return parts.length === 0 ? undefined : Object.fromEntries(parts)
}

/** Returns the flags that were given, as they are written: `--grace 15m --runs every`. */
export const words = (given: Given): string =>
  Object.keys(flags)
    .flatMap((name) => {
      const value = given[name as keyof Given] // safe because these are its keys
      if (typeof value === "boolean") return [`--${value ? "" : "no-"}${name}`]
      return value === undefined ? [] : [`--${name} ${/^[\w.:/-]+$/.test(value) ? value : `'${value}'`}`]
    })
    .join(" ")
