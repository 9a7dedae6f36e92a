/** `overdue checks show`: a page about one check, with its last pings and flips. */
import * as Arguments from "../../Arguments.ts"
import type { Channel, Flip, Ping, Remarked } from "@overdue/client/management"
import { told } from "../../WrittenFields.ts"
import * as History from "../../History.ts"
import * as AskedView from "../../AskedView.ts"
import * as CheckView from "../../CheckView.ts"
import type { Command } from "../../Command.ts"
import type { Io } from "../../Io.ts"
import * as Json from "../../Json.ts"
import * as Listing from "../../Listing.ts"
import * as Notes from "../../Notes.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Span from "../../Span.ts"
import * as Select from "../../Select.ts"
import { columnsOf, paint, plain } from "../../Style.ts"
import { table } from "../../Table.ts"

const flags = {
  json: Server.jsonFlag,
  ...Server.flags,
} as const satisfies Flags

/** Lines of each table. */
const most = 10

/** Fields that have a line of their own, in other words. */
const covered: ReadonlySet<string> = new Set([
  "name",
  "timeout",
  "schedule",
  "tz",
  "grace",
  "channels",
  "probe",
])

export const command: Command = {
  name: "checks show",
  usage: ["checks show CHECK"],
  description:
    "Shows one check with its last pings and flips. CHECK is an id, the beginning of one, a slug, or a name.",
  flags,
  details: "With a read-only key, the pings, the ping URL and the channels are left out.",

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, Arguments.check)
    const found = await Server.use(io, given, async (api): Promise<Found> => {
      const chosen = await Select.one(api, words)
      const id = Select.idOf(chosen)
      const [check, pings, flips, channels] = await Promise.all([
        api.checks.get(id, { details: true, remarks: true }),
        // A read-only key may not see them.
        chosen.uuid === undefined ? undefined : api.checks.pings(id, { details: true }),
        api.checks.flips(id, { details: true }),
        chosen.uuid === undefined ? undefined : Listing.channels(api),
      ])
      return { check, pings, flips, channels }
    })
    const { check, pings, flips } = found
    if (given.json) Json.print(io, { ...check, ...(pings !== undefined && { pings }), flips })
    else io.stdout.write(page(found, io))
    return 0
  },
}

/** What is shown; without pings and channels when the key is read-only. */
interface Found {
  readonly check: CheckView.Listed & Remarked
  readonly pings: readonly Ping[] | undefined
  readonly flips: readonly Flip[]
  readonly channels: readonly Channel[] | undefined
}

const page = ({ check, pings, flips, channels = [] }: Found, io: Io): string => {
  const facts = factsOf({ check, pings, flips, channels }, Date.now())
  const widest = Math.max(...facts.map(([name]) => name.length))
  const colour = paint(io)
  const layout = { columns: columnsOf(io), paint: colour }
  const advice = CheckView.advice([check], channels)
  const notes = [...(check.remarks ?? []), ...(advice === undefined ? [] : [{ text: advice }])]
  return [
    colour("bold", Select.title(check)),
    ...facts.map(([name, value]) => `  ${name.padEnd(widest)}  ${plain(value)}`),
    ...Notes.lines(notes).map((line) => `  ${line}`),
    "",
    pings === undefined
      ? "a read-only key does not see pings\n"
      : pings.length === 0
        ? `${AskedView.isAsked(check) ? AskedView.noRounds(check) : "no pings yet"}\n`
        : table(pings.slice(0, most), History.pingColumns, layout),
    flips.length === 0 ? "no flips yet\n" : table(flips.slice(0, most), History.flipColumns, layout),
  ].join("\n")
}

type Fact = readonly [name: string, value: string]

const factsOf = ({ check, pings, flips, channels = [] }: Found, now: number): readonly Fact[] => {
  const { last_ping, ping_url, uuid, status, since, n_pings } = check
  const { ago, due, expected } = CheckView
  const tells = CheckView.tells(check, channels)
  const isDown = status === "down"
  const isAsked = AskedView.isAsked(check)
  // Nor does anybody ping what a server monitor reports.
  const isDeaf = isAsked || check.family === "server"
  const others = AskedView.rest(check)
  const recovery = AskedView.recovery(check)
  const why = isDown ? reasonOf(check, flips) : undefined
  const facts: readonly (Fact | undefined)[] = [
    ["status", status],
    since && isDown ? ["down since", `${History.instant(since)}, for ${ago(since, now)}`] : undefined,
    why === undefined ? undefined : ["why", why],
    check.started ? ["run", openRun(check, now)] : undefined,
    ...(isAsked
      ? askedFacts(check, now)
      : ([
          ["expected", expected(check)],
          ["last ping", last_ping === null ? "never" : `${ago(last_ping, now)} ago, ${n_pings} in all`],
        ] as const)),
    // Of an open run and of an outage, the lines above say more.
    check.started || isDown || isAsked ? undefined : ["due", due(check, now)],
    ["grace", Span.exact(check.grace)],
    recovery === 0 ? undefined : ["recovery", Span.exact(recovery)],
    check.silenced_until === undefined ? undefined : ["silent until", check.silenced_until],
    tells === undefined ? undefined : ["tells", tells],
    uuid === undefined ? undefined : ["id", uuid],
    ping_url === undefined || isDeaf ? undefined : ["ping URL", ping_url],
    check.email === undefined || isDeaf ? undefined : ["e-mail", check.email],
    ...told(check)
      .filter(([name]) => !covered.has(name))
      .map(([name, value]): Fact => [name, typeof value === "string" ? value : JSON.stringify(value)]),
    ...(others === undefined ? [] : [["probe", JSON.stringify(others)] as const]),
    ...[...ofProbing(check), ...remarks(pings ?? [], flips, isDown)]
      .filter((text) => text !== why)
      .map((text): Fact => ["remark", text]),
  ]
  return facts.filter((fact) => fact !== undefined)
}

/** Nobody pings a check that the server asks for by itself, or judges by what another one reports. */
const askedFacts = (check: CheckView.Listed, now: number): readonly Fact[] => {
  const last = AskedView.lastAt(check)
  const came = AskedView.outcome(check) ?? `${check.n_pings} in all`
  return [
    ...[AskedView.target(check)].filter((fact) => fact !== undefined),
    ["last round", last === null ? "never" : `${CheckView.ago(last, now)} ago: ${came}`],
  ]
}

const openRun = (check: CheckView.Listed, now: number): string =>
  check.running_since
    ? `${CheckView.running(check, now)}, since ${History.instant(check.running_since)}`
    : "started, and not ended"

/** Returns why the check is down, also from a server that says it of flips only. */
const reasonOf = (check: CheckView.Listed, flips: readonly Flip[]): string | undefined => {
  const flip = flips[0]
  return CheckView.why({
    ...check,
    reason: check.reason ?? flip?.reason ?? null,
    diagnosis: check.diagnosis ?? flip?.diagnosis ?? [],
  })
}

/** What is said of the check itself, and neither of a signal nor of a flip. */
const ofProbing = ({ diagnosis = [] }: CheckView.Listed): readonly string[] =>
  diagnosis.filter(({ code }) => ofCheck.has(code)).map(({ text }) => text)

const ofCheck: ReadonlySet<string> = new Set(["unjudged", "server-gone", "not-kept"])

/** What a signal was beside its outcome: interesting while all is well, misleading where somebody looks for a failure. */
const ofTiming: ReadonlySet<string> = new Set(["too-early", "another-zone", "duplicate-run"])

/**
 * What is said of the last signal and the last flip, whole, because the table may cut it; each sentence once. While the
 * check is down, only what may be the reason.
 */
const remarks = (pings: readonly Ping[], flips: readonly Flip[], isDown: boolean): readonly string[] => {
  const signal = pings.find(({ type }) => type === "success" || type === "fail")
  const said = [...(signal?.diagnosis ?? []), ...(flips[0]?.diagnosis ?? [])]
  return [...new Set(said.filter(({ code }) => !isDown || !ofTiming.has(code)).map(({ text }) => text))]
}
