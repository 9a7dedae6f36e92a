/** Comparisons and advice as JSON, for programs: spans in seconds, instants in ISO 8601. */
import type { Advice, Replayed } from "@overdue/core/Replay"
import type { Advised, Compared } from "./Past.ts"
import { isEnough, scheduleText, withZone } from "./PastView.ts"

/** Returns what `overdue replay --json` prints. */
export const comparison = ({ check, a, b, onlyA, onlyB }: Compared): unknown => ({
  check: check.id,
  events: a.events,
  as_it_is: replayedJson(a),
  changed: replayedJson(b),
  only_as_it_is: onlyA.map(outageJson),
  only_changed: onlyB.map(outageJson),
})

const replayedJson = ({ alerts, outages, downtime, check }: Replayed) => ({
  status: check.state.status,
  downtime: downtime / 1000,
  alerts: alerts.map(({ at, ...alert }) => ({ at: new Date(at).toISOString(), ...alert })),
  outages: outages.map(outageJson),
})

const outageJson = ({ start, end, reason, duration }: Replayed["outages"][number]) => ({
  start: start === undefined ? null : new Date(start).toISOString(),
  end: end === undefined ? null : new Date(end).toISOString(),
  reason,
  duration: duration / 1000,
})

/** Returns what `overdue advise --json` prints. */
export const advice = ({ check, present, guessed }: Advised): unknown => ({
  check: check.id,
  schedule: scheduleText(check.policy.schedule),
  policy: {
    grace: check.policy.grace / 1000,
    early: check.policy.early / 1000,
    max_runtime: maxRuntimeOf(check.policy),
  },
  is_enough: isEnough(present),
  advised: adviceOf(present),
  guessed: adviceOf(guessed),
  guesses: guessed.guesses.map(({ text, schedule, confidence, evidence }) => ({
    schedule: withZone(text, schedule),
    confidence,
    ...evidence,
  })),
})

const maxRuntimeOf = ({ maxRuntime, grace }: Advised["check"]["policy"]): number | "never" =>
  maxRuntime === "never" ? maxRuntime : (maxRuntime ?? grace) / 1000

/** Of too few signals, the evidence is told, and no advice. */
const adviceOf = (advice: Advice) => told(isEnough(advice) ? advice : { evidence: advice.evidence })

const told = ({
  schedule,
  grace,
  early,
  maxRuntime,
  evidence,
}: Partial<Advice> & Pick<Advice, "evidence">) => ({
  schedule: schedule === undefined ? null : scheduleText(schedule),
  grace: grace === undefined ? null : grace / 1000,
  early: early === undefined ? null : early / 1000,
  max_runtime: maxRuntime === undefined ? null : maxRuntime / 1000,
  signals: evidence.signals,
  skipped: evidence.skipped,
  late: evidence.late,
  too_early: evidence.tooEarly,
  overran: evidence.overran,
  lateness: inSeconds(evidence.lateness),
  earliness: inSeconds(evidence.earliness),
  runtime: inSeconds(evidence.runtime),
})

const inSeconds = (spans: Advice["evidence"]["lateness"]) =>
  spans === undefined
    ? null
    : {
        count: spans.count,
        p50: spans.p50 / 1000,
        p95: spans.p95 / 1000,
        p99: spans.p99 / 1000,
        most: spans.most / 1000,
      }
