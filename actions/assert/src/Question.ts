/** What the step asks, read from its inputs: which checks, and what is expected of them. */
import { address, reader } from "@overdue/action-ping/Inputs"
import type { Status } from "@overdue/client/management"

/** Every status that a check can have. */
export const statuses = ["new", "up", "grace", "down", "paused"] as const satisfies readonly Status[]

/** Which checks are asked about; the selectors add up. */
export interface Selection {
  readonly ids: readonly string[]
  readonly slugs: readonly string[]
  readonly tags: readonly string[]
  readonly all: boolean
}

/** The inputs of the step, checked. */
export interface Question {
  /** `undefined` when the input and the variable are empty, as in runs from forks. */
  readonly server: string | undefined
  readonly apiKey: string | undefined
  readonly selection: Selection
  readonly accepted: ReadonlySet<Status>
  /** Limit for the age of the last success, in milliseconds. */
  readonly maxAge: number | undefined
  /** How long to ask again, in milliseconds; 0 asks once. */
  readonly wait: number
  /** Between two requests, in milliseconds. */
  readonly interval: number
  readonly mismatchFails: boolean
  readonly noVerdictFails: boolean
  readonly withSummary: boolean
  readonly retries: number
  readonly maxWait: number
}

/** Returns what the step asks. Throws `InvalidInputs`. */
export const read = (environment: Readonly<Record<string, string | undefined>>): Question => {
  const inputs = reader()
  const selection: Selection = {
    ids: inputs.items("ids"),
    slugs: inputs.items("slugs"),
    tags: inputs.items("tags"),
    all: inputs.flag("all"),
  }
  const isSelected = Object.values(selection).some(
    (part) => part === true || (part !== false && part.length > 0),
  )
  if (!isSelected) inputs.refuse("no check is selected: give ids, slugs or tags, or all: true")
  for (const id of selection.ids) {
    if (!/^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{40})$/.test(id)) {
      inputs.refuse(`ids takes UUIDs and unique keys of 40 digits, not ${JSON.stringify(id)}`)
    }
  }
  const allowed = inputs.items("allow").flatMap((word) => {
    const status = statuses.find((status) => status === word)
    if (status === undefined) inputs.refuse(`allow takes ${statuses.join(", ")}, not ${JSON.stringify(word)}`)
    return status ?? []
  })
  const year = 31_536_000
  const question: Question = {
    server: address(inputs, "server", inputs.text("server") ?? (environment.OVERDUE_URL || undefined)),
    apiKey: inputs.text("api-key") ?? (environment.OVERDUE_API_KEY || undefined),
    selection,
    accepted: new Set([inputs.oneOf("expect", statuses) ?? "up", ...allowed]),
    maxAge: milliseconds(inputs.span("max-age", { least: 1, most: year })),
    wait: milliseconds(inputs.span("wait", { least: 0, most: 21_600 })) ?? 0,
    interval: milliseconds(inputs.span("interval", { least: 1, most: 600 })) ?? 10_000,
    mismatchFails: inputs.oneOf("on-mismatch", ["fail", "warn"]) !== "warn",
    noVerdictFails: inputs.oneOf("no-verdict", ["warn", "fail"]) === "fail" || inputs.flag("strict"),
    withSummary: inputs.text("summary") === undefined || inputs.flag("summary"),
    retries: inputs.whole("retries", { least: 0, most: 10 }) ?? 3,
    maxWait: milliseconds(inputs.span("max-wait", { least: 1, most: 600 })) ?? 30_000,
  }
  inputs.finish()
  return question
}

const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000
