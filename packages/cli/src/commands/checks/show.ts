/** `overdue checks show`: a page about one check, with its last pings and flips. */
import * as Arguments from "../../Arguments.ts"
import type { Check, Flip, Ping, Remarked } from "@overdue/client/management"
import { told } from "../../WrittenFields.ts"
import { ago, due, expected } from "../../CheckView.ts"
import type { Command } from "../../Command.ts"
import type { Io } from "../../Io.ts"
import * as Notes from "../../Notes.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Span from "../../Span.ts"
import * as Select from "../../Select.ts"
import { paint, plain } from "../../Style.ts"
import { table } from "../../Table.ts"

const flags = {
  json: Server.jsonFlag,
  ...Server.flags,
} as const satisfies Flags

/** Lines of each table. */
const most = 10

/** Fields that have a line of their own, in other words. */
const covered: ReadonlySet<string> = new Set(["name", "timeout", "schedule", "tz", "grace"])

export const command: Command = {
  name: "checks show",
  usage: ["checks show CHECK"],
  description:
    "Shows one check with its last pings and flips. CHECK is an id, the beginning of one, a slug, or a name.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, Arguments.check)
    const { check, pings, flips } = await Server.use(given, async (api) => {
      const { uuid: id = "" } = await Select.one(api, words)
      const [check, pings, flips] = await Promise.all([
        api.checks.get(id, { remarks: true }),
        api.checks.pings(id, { details: true }),
        api.checks.flips(id, { details: true }),
      ])
      return { check, pings, flips }
    })
    io.stdout.write(
      given.json
        ? `${JSON.stringify({ ...check, pings, flips }, undefined, 2)}\n`
        : page(check, pings, flips, io),
    )
    return 0
  },
}

const page = (check: Check & Remarked, pings: readonly Ping[], flips: readonly Flip[], io: Io): string => {
  const now = Date.now()
  const { last_ping, ping_url = "–", uuid = "–", started, n_pings } = check
  const facts: readonly (readonly [string, string])[] = [
    ["status", `${check.status}${started ? ", a run is open" : ""}`],
    ["expected", expected(check)],
    ["last ping", last_ping === null ? "never" : `${ago(last_ping, now)} ago, ${n_pings} in all`],
    ["due", due(check, now)],
    ["grace", Span.exact(check.grace)],
    ...(check.silenced_until === undefined ? [] : [["silent until", check.silenced_until] as const]),
    ["id", uuid],
    ["ping URL", ping_url],
    ...told(check)
      .filter(([name]) => !covered.has(name))
      .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)] as const),
    ...remarks(pings, flips).map((text) => ["remark", text] as const),
  ]
  const widest = Math.max(...facts.map(([name]) => name.length))
  const colour = paint(io)
  const layout = { columns: io.stdout.isTTY ? io.stdout.columns : undefined, paint: colour }
  return [
    colour("bold", Select.title(check)),
    ...facts.map(([name, value]) => `  ${name.padEnd(widest)}  ${plain(value)}`),
    ...Notes.lines(check.remarks).map((line) => `  ${line}`),
    "",
    pings.length === 0 ? "no pings yet\n" : table(pings.slice(0, most), pingColumns, layout),
    flips.length === 0 ? "no flips yet\n" : table(flips.slice(0, most), flipColumns, layout),
  ].join("\n")
}

/** What is said of the last signal and the last flip, whole, because the table may cut it; each sentence once. */
const remarks = (pings: readonly Ping[], flips: readonly Flip[]): readonly string[] => {
  const signal = pings.find(({ type }) => type === "success" || type === "fail")
  const said = [...(signal?.diagnosis ?? []), ...(flips[0]?.diagnosis ?? [])]
  return [...new Set(said.map(({ text }) => text))]
}

const pingColumns = [
  { title: "PING", text: ({ n }: Ping) => `#${n}` },
  { title: "TYPE", text: ({ type, exit_status }: Ping) => `${type}${exit_status ? ` ${exit_status}` : ""}` },
  { title: "AT", text: ({ date }: Ping) => instant(date) },
  { title: "TOOK", text: ({ duration }: Ping) => (duration === undefined ? "–" : `${duration}s`) },
  { title: "FROM", text: ({ remote_addr, method, scheme }: Ping) => `${remote_addr} ${scheme} ${method}` },
  { title: "AGENT", text: ({ ua }: Ping) => ua || "–", isElastic: true as const },
]

const flipColumns = [
  // Without details, as from Healthchecks, a flip to down looks like one to any other status but up.
  { title: "FLIP", text: ({ up, to }: Flip) => to ?? (up === 1 ? "up" : "not up") },
  { title: "AT", text: ({ timestamp }: Flip) => instant(timestamp) },
  {
    title: "REASON",
    text: ({ reason, quiet }: Flip) => `${reason ?? "–"}${quiet === true ? " (quiet)" : ""}`,
  },
  { title: "REMARK", text: ({ diagnosis }: Flip) => diagnosis?.[0]?.text ?? "–", isElastic: true as const },
]

/** To the second: `2026-01-31 12:00:00Z`. */
const instant = (text: string): string => `${text.slice(0, 19).replace("T", " ")}Z`
