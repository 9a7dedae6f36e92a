/** `overdue report`: uptime, outages and runs of checks over a month, a week, or any time. */
import * as Choice from "../Choice.ts"
import type { Check, Management, Report } from "@overdue/client/management"
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import { counted } from "@overdue/core/Counted"
import { UsageError } from "../Failure.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as CheckView from "../CheckView.ts"
import * as Json from "../Json.ts"
import * as Pool from "../Pool.ts"
import * as Select from "../Select.ts"
import * as Server from "../Server.ts"
import * as Span from "../Span.ts"
import { columnsOf, paint, plain } from "../Style.ts"
import { table, type Column } from "../Table.ts"
import * as Window from "../Window.ts"

const flags = {
  ...Window.flags,
  tag: Choice.tagsFlag,
  csv: { kind: "switch", help: "print comma-separated values, spans in seconds" },
  json: {
    kind: "switch",
    help: "print JSON: the statistics of each check as the server answered them, and the total",
  },
  ...Server.flags,
} as const satisfies Flags

const lacks = "which keeps no statistics: `overdue events --since 30d` lists when checks went up and down"

export const command: Command = {
  name: "report",
  usage: ["report [CHECK …] [--month MONTH | --week WEEK | --since TIME [--until TIME]] [--tag TAG …]"],
  description: "Prints uptime, time down, outages and runs of checks; by default of the last 30 days.",
  flags,
  details: [
    "Months, weeks and times without an offset are on the clock of each check's own zone, or of --tz. Time in which",
    "a check was paused, or its status is not known, counts neither as up nor as down.",
    "",
    "Examples",
    "  overdue report --month last",
    "  overdue report --week 2026-W43 --tag db --csv > week.csv",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (given.csv && given.json) throw new UsageError("give --csv or --json, not both")
    const words = Arguments.any(positionals, Arguments.check)
    const window = Window.read(given, Date.now())
    const ask = async (api: Management) => {
      const all = await api.checks.list({ tags: Choice.tags(given.tag) })
      const chosen = words.length === 0 ? all : Choice.named(all, words)
      const query = { ...window, ...(given.tz !== undefined && { tz: given.tz }) }
      return await Pool.map(chosen.toSorted(CheckView.byName), async (check) =>
        rowOf(check, await api.checks.statistics(Select.idOf(check), query)),
      )
    }
    const rows = await Server.use(io, given, ask, { lacks })
    const total = sum(rows)
    if (given.json) Json.print(io, { ...window, checks: rows.map(inJson), total: figuresInJson(total) })
    else if (given.csv) io.stdout.write(csv(rows))
    else if (rows.length === 0) io.stdout.write("no checks\n")
    else {
      const all =
        rows.length === 1 ? rows : [...rows, { title: `all ${counted(rows.length, "check")}`, ...total }]
      io.stdout.write(`${Window.print(window, given.tz)}\n\n`)
      const shown = rows.some(({ of }) => of?.report.response_times) ? [...columns, ...ofProbes] : columns
      io.stdout.write(table(all, shown, { columns: columnsOf(io), paint: paint(io) }))
    }
    return 0
  },
}

/** What is counted. Spans in seconds. */
interface Figures {
  readonly up: number
  readonly down: number
  readonly outages: number
  readonly longest: number
  readonly runs: number
  readonly failed: number
  readonly missed: number
  readonly overran: number
  /** Whether every ping of the window is still stored; if not, there were more runs than are counted. */
  readonly isComplete: boolean
}

/** The figures of a check, or of all together. */
interface Row extends Figures {
  readonly title: string
  /** `undefined` for all together. */
  readonly of?: { readonly check: Check; readonly report: Report }
}

const rowOf = (check: Check, report: Report): Row => {
  const { up, down, outages, runs, complete } = report
  return {
    title: Select.title(check),
    of: { check, report },
    up,
    down,
    outages: outages.length,
    longest: Math.max(0, ...outages.map(({ duration }) => duration)),
    runs: runs.count,
    failed: runs.failed,
    missed: runs.missed,
    overran: runs.overran,
    isComplete: complete,
  }
}

const sum = (rows: readonly Row[]): Figures => {
  const total = (of: (row: Row) => number): number => rows.reduce((sum, row) => sum + of(row), 0)
  return {
    up: total(({ up }) => up),
    down: total(({ down }) => down),
    outages: total(({ outages }) => outages),
    longest: rows.reduce((most, { longest }) => Math.max(most, longest), 0),
    runs: total(({ runs }) => runs),
    failed: total(({ failed }) => failed),
    missed: total(({ missed }) => missed),
    overran: total(({ overran }) => overran),
    isComplete: rows.every(({ isComplete }) => isComplete),
  }
}

const columns: readonly Column<Row>[] = [
  { title: "CHECK", text: ({ title }) => title, isElastic: true, least: 12 },
  {
    title: "UPTIME",
    text: ({ up, down }) => percent(uptime({ up, down })),
    colour: ({ down }) => (down > 0 ? "red" : undefined),
  },
  { title: "DOWN", text: ({ down }) => length(down) },
  { title: "OUTAGES", text: ({ outages }) => String(outages) },
  { title: "LONGEST", text: ({ longest }) => length(longest), rank: 3 },
  // Pings are kept for a while only, and nobody is to believe that there were no more.
  { title: "RUNS", text: ({ runs, isComplete }) => `${isComplete ? "" : "≥ "}${runs}`, rank: 1 },
  { title: "FAILED", text: ({ failed }) => String(failed), rank: 2 },
  { title: "MISSED", text: ({ missed }) => String(missed), rank: 4 },
  { title: "OVERRAN", text: ({ overran }) => String(overran), rank: 5 },
]

/** Only shown when one of the checks is asked. */
const ofProbes: readonly Column<Row>[] = (["average", "p95"] as const).map((figure) => ({
  title: figure === "average" ? "ANSWERED" : "P95",
  text: ({ of }) => milliseconds(of?.report.response_times?.[figure]),
  rank: 2,
}))

const milliseconds = (seconds: number | undefined): string =>
  seconds === undefined ? "–" : `${Math.round(seconds * 1000)}ms`

const length = (seconds: number): string =>
  seconds === 0 ? "–" : seconds < 1 ? "< 1s" : Span.print(seconds * 1000)

const uptime = ({ up, down }: Pick<Row, "up" | "down">): number | null =>
  up + down === 0 ? null : up / (up + down)

/** Rounded down: what was down for a second has not been up for 100 %. */
const percent = (share: number | null): string => {
  if (share === null) return "–"
  return share === 1 ? "100 %" : `${(Math.floor(share * 100_000) / 1000).toFixed(3)} %`
}

const figuresInJson = ({ isComplete, ...figures }: Figures) => ({
  ...figures,
  uptime: uptime(figures),
  complete: isComplete,
})

const inJson = (row: Row) => {
  const { check, report } = row.of! // safe because it is of one check
  const { name, slug, tags } = check
  return { id: Select.idOf(check), name, slug, tags, ...report }
}

const csv = (rows: readonly Row[]): string => {
  const names = [
    "name",
    "slug",
    "id",
    "uptime",
    "up",
    "down",
    "outages",
    "longest",
    "runs",
    "failed",
    "missed",
    "overran",
    "complete",
  ]
  const lines = rows.map((row) => {
    const { check } = row.of! // safe because it is of one check
    const { up, down, outages, longest, runs, failed, missed, overran, isComplete } = row
    const texts = [plain(check.name), check.slug, Select.idOf(check)].map(quoted)
    return [
      ...texts,
      uptime(row) ?? "",
      up,
      down,
      outages,
      longest,
      runs,
      failed,
      missed,
      overran,
      isComplete,
    ].join(",")
  })
  // Lines end as RFC 4180 says.
  return [names.join(","), ...lines, ""].join("\r\n")
}

/** A spreadsheet computes a text that begins like a formula, unless an apostrophe stands before it. */
const quoted = (text: string): string =>
  `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
