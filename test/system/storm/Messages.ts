/** What the processes of a storm say to each other. */
import type * as Job from "./Job.ts"
import type * as SilentJob from "./SilentJob.ts"
import type { Heard, Target } from "./Stranger.ts"

/** What the process of the jobs is to do. */
export interface JobsOrder {
  readonly jobs: readonly Job.Job[]
  readonly silent: readonly SilentJob.SilentJob[]
  readonly doors: Job.Doors
}

/** What the jobs have seen. The first report is made before there are any. */
export interface JobsReport {
  /** Where the channel that works is received. */
  readonly receiver: string
  readonly sent: readonly Job.Sent[]
  readonly silences: readonly SilentJob.Silence[]
  /** For how many milliseconds the loop of their process stood still at most: so much of what they measured is theirs. */
  readonly standstill: number
}

/** What the process of the strangers is to do. */
export interface StrangersOrder {
  readonly seed: number
  readonly target: Target
  /** What the names of their attacks contain. */
  readonly only: string
}

/** What the strangers have heard. */
export interface StrangersReport {
  /** How often each answer was heard, by attack and answer. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Answers that no request may have. The first of them. */
  readonly wrong: readonly Heard[]
}
