/** The settings of the prober in a server. */
import { longestRound, shortestRound } from "@overdue/core/Limits"
import { UsageError } from "../Failure.ts"
import { whole, type Flags } from "../Flags.ts"
import * as HeartbeatFlag from "../probing/HeartbeatFlag.ts"
import * as Span from "../Span.ts"

/** The flags. */
export const flags = {
  probes: {
    kind: "text",
    value: "N",
    env: "OVERDUE_PROBES",
    default: "500",
    help: "limit of targets that are asked at the same time; 0: this server asks none by itself",
  },
  "probe-every": {
    kind: "text",
    value: "SPAN",
    env: "OVERDUE_PROBE_EVERY",
    default: "1m",
    help: "how often new uptime monitors are asked whose API has no field for that",
  },
  "probe-heartbeat": {
    kind: "text",
    value: "URL",
    env: "OVERDUE_PROBE_HEARTBEAT",
    help: "address that is asked for every minute as long as the prober works: the ping URL of a check elsewhere",
  },
} as const satisfies Flags

/** The settings. */
export interface Settings {
  /** The most targets that are asked at the same time; 0: none ever. */
  readonly atOnce: number
  /** In milliseconds. */
  readonly every: number
  readonly heartbeat: string | undefined
}

/** Returns the settings. Fails with a `UsageError`. */
export const read = (given: Readonly<Partial<Record<keyof typeof flags, string | undefined>>>): Settings => {
  const atOnce = whole("--probes", given.probes ?? flags.probes.default, { least: 0, most: 10_000 })!
  const heartbeat = HeartbeatFlag.read("--probe-heartbeat", given["probe-heartbeat"])
  if (atOnce === 0 && heartbeat !== undefined)
    throw new UsageError(
      "--probe-heartbeat says that this server asks, and with --probes 0 it asks nothing: leave one of them out",
    )
  return { atOnce, every: probeEvery(given["probe-every"] ?? flags["probe-every"].default), heartbeat }
}

const probeEvery = (text: string): number => {
  const span = Span.parse("--probe-every", text)
  if (span !== undefined && span * 1000 >= shortestRound && span * 1000 <= longestRound) return span * 1000
  throw new UsageError("--probe-every is a length of time from 10s to 1d")
}
