/**
 * The metrics of the engine itself: the one list of their names, what they mean, and their labels. `Meter` keeps them with
 * Effect's `Metric`, so that whatever exports the metrics of the host has them as well.
 */
import { StoreError } from "@overdue/core/Store"

/** A metric. */
export interface Family {
  readonly name: string
  readonly type: "counter" | "gauge" | "histogram"
  /** What it says, in a sentence. */
  readonly help: string
  /** Labels, with the values that each can have; `undefined`: kinds of channels or probes, which are few. */
  readonly labels?: Readonly<Record<string, readonly string[] | undefined>>
  /** Upper bounds of the buckets of a histogram, inclusive and ascending. */
  readonly bounds?: readonly number[]
}

/** Why a ping is refused. */
export const refusals = {
  CheckNotFound: "not-found",
  SlugAmbiguous: "ambiguous",
  CheckLimitReached: "check-limit",
  RateLimited: "rate",
  TooManyWaiting: "waiting",
  Stopping: "stopping",
  StoreError: "store",
} as const

/** How an attempt to tell a channel ended: by the verdict of its notifier, or without one. */
export const attemptEnds = [
  "delivered",
  "skipped",
  "retry",
  "refused",
  "permanent",
  "stopped",
  "unknown",
] as const

/** Seconds that the store takes. */
const ofStore = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** All of them, by the names that the engine has for them. */
export const metrics = {
  pings: {
    name: "overdue_pings_total",
    type: "counter",
    help: "Pings that were stored, whatever door they took.",
  },
  refused: {
    name: "overdue_pings_refused_total",
    type: "counter",
    help: "Pings that were refused.",
    labels: { reason: Object.values(refusals) },
  },
  waiting: {
    name: "overdue_pings_waiting",
    type: "gauge",
    help: "Pings that wait for the next commit.",
  },
  commitSize: {
    name: "overdue_commit_pings",
    type: "histogram",
    help: "Pings that were decided and committed together.",
    bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  },
  commitSeconds: {
    name: "overdue_commit_seconds",
    type: "histogram",
    help: "How long commits of pings took, with further attempts where the store was busy.",
    bounds: ofStore,
  },
  storeSeconds: {
    name: "overdue_store_seconds",
    type: "histogram",
    help: "How long units of work took in the store, whoever had them done.",
    bounds: ofStore,
  },
  storeErrors: {
    name: "overdue_store_errors_total",
    type: "counter",
    help: "Units of work that failed in the store.",
    labels: { reason: StoreError.fields.reason.literals },
  },
  connections: {
    name: "overdue_store_connections",
    type: "gauge",
    help: "Connections of the store's pool that are busy or idle, and callers that wait for one; only of a store that has a pool.",
    labels: { state: ["busy", "idle", "waiting"] },
  },
  sweepLag: {
    name: "overdue_sweep_lag_seconds",
    type: "histogram",
    help: "How late checks were found down: from the deadline to when it was settled.",
    bounds: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
  },
  sweepAge: {
    name: "overdue_sweep_age_seconds",
    type: "gauge",
    help: "How long ago the sweeper last looked for deadlines without an error; alert when that is more than a minute.",
  },
  pending: {
    name: "overdue_outbox_pending",
    type: "gauge",
    help: "Deliveries of the whole store that wait for their first or a further attempt; absent while the store cannot be read.",
  },
  dueAge: {
    name: "overdue_outbox_due_age_seconds",
    type: "gauge",
    help: "For how long the oldest delivery of the whole store that is due has been due, 0 when none is; absent while the store cannot be read.",
  },
  sending: {
    name: "overdue_outbox_sending",
    type: "gauge",
    help: "Messages that this process is sending, or has sent and not settled.",
  },
  attempts: {
    name: "overdue_attempts_total",
    type: "counter",
    help: "Messages that channels were sent, by the kind of the channel and how that ended.",
    labels: { kind: undefined, outcome: attemptEnds },
  },
  attemptSeconds: {
    name: "overdue_attempt_seconds",
    type: "histogram",
    help: "How long messages took, from when they were begun to the answer.",
    labels: { kind: undefined },
    bounds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90],
  },
  probes: {
    name: "overdue_probes_total",
    type: "counter",
    help: "Targets that were asked, by the kind of the probe and what came of it; unknown is a fault of this machine.",
    labels: { kind: undefined, outcome: ["ok", "failed", "unknown"] },
  },
  loopDelay: {
    name: "overdue_event_loop_delay_seconds",
    type: "histogram",
    help: "How much later than it was set the timer of the sweeper came, ten times a second: what keeps it waiting keeps pings waiting.",
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
  },
  cpu: {
    name: "overdue_process_cpu_seconds_total",
    type: "counter",
    help: "Processor time that this process has used, in user and in system mode.",
  },
  memory: {
    name: "overdue_process_resident_memory_bytes",
    type: "gauge",
    help: "Memory of this process that is in RAM.",
  },
  heap: {
    name: "overdue_process_heap_bytes",
    type: "gauge",
    help: "Memory that objects take in the heap of this process.",
  },
  uptime: {
    name: "overdue_process_uptime_seconds",
    type: "gauge",
    help: "How long this process has been running.",
  },
} as const satisfies Readonly<Record<string, Family>>

/** All of them, in the order in which they are shown. */
export const families: readonly Family[] = Object.values(metrics)
