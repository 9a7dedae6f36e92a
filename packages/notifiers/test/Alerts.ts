/** Alerts for examples: of one check that is easy to recognise. */
import type { Told, ToldAlert } from "@overdue/core/Alert"
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type { Ping } from "@overdue/core/Ping"

export const checkId = "7f3cd1f4-3b0e-4b0e-9f0a-0a0b0c0d0e0f"
export const at = Date.UTC(2026, 0, 31, 12, 0, 0, 789)

interface Given {
  readonly alert?: Partial<ToldAlert>
  readonly details?: Partial<Check.Details>
  readonly policy?: Partial<Check.Policy>
  readonly state?: Partial<Check.State>
}

export const make = (given: Given = {}): ToldAlert => {
  const check = Check.make({
    id: checkId,
    project: "b8a2c1d0-0000-4000-8000-000000000001",
    badgeKey: "c9a2c1d0-0000-4000-8000-000000000002",
    createdAt: at - 86_400_000,
    details: { name: "Nightly backup", slug: "nightly-backup", tags: "prod db", ...given.details },
    policy: given.policy ?? {},
  })
  return {
    id: `${checkId}.1.d0000000-0000-4000-8000-000000000003`,
    occasion: "flip",
    status: "down",
    reason: "missed",
    at,
    check: { ...check, state: { ...check.state, ...given.state } },
    project: { id: check.project, name: "default", zone: "UTC" },
    lastPing: undefined,
    outage: { id: `${checkId}.1`, since: at, until: undefined, reason: "missed", rid: undefined },
    remarks: [],
    memory: undefined,
    untold: [],
    ...given.alert,
  }
}

/** What a channel is told that is told of one alert. */
export const told = (alert: ToldAlert = make()): Told => ({
  alerts: [alert],
  project: alert.project,
  othersDown: 0,
})

export const channel = (value: unknown, kind = "webhook"): Channel.Channel =>
  Channel.make({
    id: "d0000000-0000-4000-8000-000000000003",
    project: "b8a2c1d0-0000-4000-8000-000000000001",
    name: "ops",
    kind,
    value,
    createdAt: 0,
  })

export const ping = (given: Partial<Ping> = {}): Ping => ({
  check: checkId,
  n: 1,
  at: at - 60_000,
  kind: "fail",
  rid: undefined,
  exitStatus: undefined,
  duration: undefined,
  scheme: "https",
  remoteAddress: "192.0.2.1",
  method: "POST",
  userAgent: "curl",
  body: undefined,
  ...given,
})

export const text = (body: string): Uint8Array => new TextEncoder().encode(body)
