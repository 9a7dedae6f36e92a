/** How the job went, by the inputs `status` and `on-cancel`. */
import type { Kind } from "@overdue/client"
import type { Reader } from "./Inputs.ts"

/** What is reported of the job. */
export interface Outcome {
  readonly kind: Kind
  /** For people: `success`, `failure`, `cancelled`, `exit status 3`. */
  readonly word: string
}

/** When the outcome is read. */
interface Setting {
  readonly mode: "job" | "once"
  /** Whether the outcome is that of the end, and not read beforehand to find mistakes early. */
  readonly isKnown: boolean
}

/**
 * What GitHub says of jobs, steps and check runs:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/contexts and
 * https://docs.github.com/en/rest/checks/runs. What was skipped has not done what the check waits for.
 */
const words: Readonly<Record<string, Outcome | "cancelled">> = {
  success: { kind: "success", word: "success" },
  neutral: { kind: "success", word: "neutral" },
  failure: { kind: "fail", word: "failure" },
  fail: { kind: "fail", word: "failure" },
  failed: { kind: "fail", word: "failure" },
  skipped: { kind: "fail", word: "skipped" },
  timed_out: { kind: "fail", word: "timed out" },
  startup_failure: { kind: "fail", word: "failure at the start" },
  action_required: { kind: "fail", word: "action required" },
  stale: { kind: "fail", word: "stale" },
  cancelled: "cancelled",
  canceled: "cancelled",
}

/**
 * Returns the outcome; `undefined` sends nothing. What is no outcome is a mistake, and a failure: an empty status is
 * most likely that of a step that never ran, or whose name is misspelt.
 */
export const read = (inputs: Reader, { mode, isKnown }: Setting): Outcome | undefined => {
  const onCancel = inputs.oneOf("on-cancel", ["log", "fail", "success", "nothing"]) ?? "log"
  const status = inputs.text("status")?.trim().toLowerCase()
  if (status === undefined || status === "") {
    if (isKnown) {
      inputs.refuse(
        "status is empty, as of an expression that names no step, job or output, or one that has not run; it is told as a failure",
      )
    }
    return { kind: "fail", word: "unknown outcome" }
  }
  const known = Object.hasOwn(words, status) ? words[status] : undefined
  if (known === "cancelled") return onCancel === "nothing" ? undefined : { kind: onCancel, word: "cancelled" }
  if (known !== undefined) return known
  if (/^\d{1,3}$/.test(status) && Number(status) <= 255) {
    return { kind: Number(status), word: `exit status ${status}` }
  }
  if (mode === "once" && (status === "start" || status === "log")) return { kind: status, word: status }
  const more = mode === "once" ? ", start, log" : ""
  inputs.refuse(
    `status is success, failure, cancelled${more}, or an exit status 0 … 255, not ${JSON.stringify(status)}`,
  )
  return { kind: "fail", word: "unknown outcome" }
}
