/** A changed policy, as flags say it to the engine. */
import type { PlanInput } from "@overdue/engine/PlanInput"
import { UsageError } from "../Failure.ts"
import { whole, type Flags, type Values } from "../Flags.ts"
import * as Span from "../Span.ts"

export const policyFlags = {
  grace: { kind: "text", value: "SPAN", help: "how late a signal may be: 90s, 15m, 2h" },
  timeout: { kind: "text", value: "SPAN", help: "a signal is expected this often: 45m, 1d" },
  schedule: { kind: "text", value: "EXPR", help: "a signal is expected by cron or OnCalendar instead" },
  tz: { kind: "text", value: "ZONE", help: "the schedule's time zone" },
  "max-runtime": { kind: "text", value: "SPAN", help: "how long a run may take, or never to let it run on" },
  "min-runtime": { kind: "text", value: "SPAN", help: "a success that comes sooner is a failure" },
  runs: { kind: "text", value: "WHICH", choices: ["latest", "every"], help: "which open runs are timed" },
  failures: { kind: "text", value: "N", help: "down when N of the last outcomes failed" },
  "out-of": { kind: "text", value: "N", help: "how many last outcomes those are; as many unless given" },
  recoveries: { kind: "text", value: "N", help: "up after N successes in a row" },
  "remind-every": { kind: "text", value: "SPAN", help: "while down, tell again" },
} as const satisfies Flags

type Given = Values<typeof policyFlags>

export interface Changes extends PlanInput {
  /** In whichever language it is. */
  readonly expression?: string
}

/** What the flags ask for. Says what is wrong with a word; what is wrong with a schedule, the engine says. */
export const read = (given: Given): Changes => {
  const span = (name: keyof Given): number | undefined => {
    const seconds = Span.parse(`--${name}`, given[name])
    return seconds === undefined ? undefined : seconds * 1000
  }
  if (given.schedule !== undefined && given.timeout !== undefined) {
    throw new UsageError("--timeout and --schedule exclude each other")
  }
  const entries: Readonly<Record<string, unknown>> = {
    grace: span("grace"),
    every: span("timeout"),
    expression: given.schedule,
    zone: given.tz,
    maxRuntime: given["max-runtime"] === "never" ? "never" : span("max-runtime"),
    minRuntime: span("min-runtime"),
    runs: given.runs,
    alert: alert(given),
    remindEvery: span("remind-every"),
  }
  // Each value is what Changes has under its name.
  const said: Changes = Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))
  if (Object.keys(said).length === 0) {
    throw new UsageError(
      `say what is to be otherwise: ${Object.keys(policyFlags)
        .map((flag) => `--${flag}`)
        .join(", ")}`,
    )
  }
  return said
}

const alert = (given: Given) => {
  const bounds = { least: 1, most: 32 }
  const failures = whole("--failures", given.failures, bounds)
  const outOf = whole("--out-of", given["out-of"], bounds) ?? failures
  const recoveries = whole("--recoveries", given.recoveries, bounds)
  const said = Object.entries({ failures, outOf, recoveries }).filter(([, value]) => value !== undefined)
  return said.length === 0 ? undefined : Object.fromEntries(said)
}

/** The flags that were given, as they are written: `--grace 15m --runs every`. */
export const words = (given: Given): string =>
  Object.keys(policyFlags)
    .flatMap((name) => {
      const value = given[name as keyof Given] // safe because these are its keys
      return value === undefined ? [] : [`--${name} ${/^[\w.:/-]+$/.test(value) ? value : `'${value}'`}`]
    })
    .join(" ")
