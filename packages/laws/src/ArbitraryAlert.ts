/** Arbitrary alerts, for the laws of notifiers. */
import type { Told, ToldAlert } from "@overdue/core/Alert"
import * as Check from "@overdue/core/Check"
import type { Ping } from "@overdue/core/Ping"
import * as Every from "@overdue/core/schedule/Every"
import fc from "fast-check"

/** Texts as people and attackers write them: any character, line breaks, placeholders. */
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    "",
    "a\r\nX-Injected: 1",
    "$NAME$TAG1",
    "Ночной бэкап 🌙",
    '"\\',
    "%0d%0a",
    "../..",
    "\ud800",
  ),
)

const instants = fc.integer({ min: 0, max: 4_102_444_800_000 })
const ids = fc.uuid()
const optional = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: undefined })

const pings: fc.Arbitrary<Ping> = fc.record({
  check: ids,
  n: fc.nat(),
  at: instants,
  kind: fc.constantFrom("success", "fail"),
  rid: optional(ids),
  exitStatus: optional(fc.integer({ min: 0, max: 255 })),
  duration: optional(fc.nat()),
  scheme: fc.constantFrom("http", "https", "email"),
  remoteAddress: fc.ipV4(),
  method: fc.constantFrom("GET", "POST", ""),
  userAgent: texts,
  body: optional(fc.uint8Array({ maxLength: 60 })),
})

const details: fc.Arbitrary<Partial<Check.Details>> = fc.record({
  name: texts,
  slug: fc.stringMatching(/^[a-z0-9-_]{0,20}$/),
  tags: texts,
  description: texts,
  channels: fc.array(ids, { maxLength: 3 }),
})

/** Any alert of a check that went down or came up, with any names, last ping and outage. */
export const alerts: fc.Arbitrary<ToldAlert> = fc
  .record({
    id: ids,
    project: ids,
    badgeKey: ids,
    createdAt: instants,
    details,
    period: fc.integer({ min: 1, max: 31_536_000_000 }),
    at: instants,
    startedAt: optional(instants),
    lastDuration: optional(fc.nat()),
    flip: fc.constantFrom(
      { status: "down", reason: "missed" } as const,
      { status: "down", reason: "fail" } as const,
      { status: "up", reason: "success" } as const,
    ),
    occasion: fc.constantFrom("flip", "reminder", "test"),
    lastPing: optional(pings),
    since: optional(instants),
    rid: optional(ids),
    untold: fc.array(
      fc.record({
        id: ids,
        occasion: fc.constantFrom("flip", "reminder"),
        status: fc.constantFrom("up", "down"),
        reason: fc.constantFrom("missed", "fail", "success"),
        at: instants,
      }),
      { maxLength: 2 },
    ),
    remarks: fc.array(fc.record({ code: fc.constantFrom("missed-slot", "exit-status"), text: texts }), {
      maxLength: 2,
    }),
  })
  .map(({ id, project, badgeKey, createdAt, details, period, at, startedAt, lastDuration, ...given }) => {
    const policy = { schedule: Every.make(period) }
    const check = Check.make({ id, project, badgeKey, createdAt, details, policy })
    const runs = startedAt === undefined ? [] : [{ rid: undefined, startedAt, overran: false }]
    const state = { ...check.state, status: given.flip.status, anchor: at, lastPing: at, lastDuration, runs }
    return {
      id: `${id}.1.${project}`,
      occasion: given.occasion,
      ...given.flip,
      at,
      check: { ...check, state },
      project: { id: project, name: check.details.name, zone: "Europe/Riga" },
      lastPing: given.lastPing,
      outage: {
        id: `${id}.1`,
        since: given.since,
        until: given.flip.status === "up" ? at : undefined,
        reason: given.since === undefined ? undefined : "fail",
        rid: given.rid,
      },
      remarks: given.remarks,
      memory: undefined,
      untold: given.untold,
    }
  })

/** Returns anything that a channel may be told at once: one alert or, if `several`, up to four of one project. */
export const told = (several: boolean): fc.Arbitrary<Told> =>
  fc
    .record({
      first: alerts,
      others: fc.array(alerts, { maxLength: several ? 3 : 0 }),
      othersDown: fc.nat({ max: 1000 }),
    })
    .map(({ first, others, othersDown }) => ({
      alerts: [first, ...others.map((alert) => ({ ...alert, project: first.project }))],
      project: first.project,
      othersDown,
    }))
