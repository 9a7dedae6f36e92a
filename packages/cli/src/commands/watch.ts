/** `overdue watch`: the status of a project's checks, live: a page on a terminal, a line for each change elsewhere. */
import { setTimeout } from "node:timers/promises"
import * as Choice from "../Choice.ts"
import * as Arguments from "../Arguments.ts"
import type { Status } from "@overdue/client/management"
import * as CheckView from "../CheckView.ts"
import type { Command } from "../Command.ts"
import { counted } from "@overdue/core/Counted"
import type { Io } from "../Io.ts"
import * as Ending from "../Ending.ts"
import { Failure, UsageError } from "../Failure.ts"
import * as Listing from "../Listing.ts"
import * as Server from "../Server.ts"
import type { Flags } from "../Flags.ts"
import * as Select from "../Select.ts"
import * as Span from "../Span.ts"
import { columnsOf, paint, plain } from "../Style.ts"
import { table } from "../Table.ts"
import { fit } from "../Width.ts"

const flags = {
  tag: Choice.tagsFlag,
  interval: { kind: "text", value: "SPAN", default: "5s", help: "time between two requests to the server" },
  ...Server.flags,
} as const satisfies Flags

export const command: Command = {
  name: "watch",
  usage: ["watch [--tag TAG …] [--interval SPAN]"],
  description:
    "Shows the checks live, those in trouble first. Without a terminal it prints a line for each change of status.",
  flags,
  details: "Stop it with Ctrl-C.",

  async run(args, io) {
    const given = Arguments.flagsAlone(flags, args, io.environment)
    const interval = Span.parse("--interval", given.interval ?? flags.interval.default)!
    // A timer for more than 24 days would end at once.
    if (interval < 1 || interval > 86_400) throw new UsageError("--interval is at least 1s and at most 1d")
    const stop = Ending.stopping()
    const display = io.stdout.isTTY ? screen(io) : log(io)
    let isFirst = true
    while (!stop.aborted) {
      try {
        display(await Server.use(io, given, (api) => Listing.load(api, { tags: Choice.tags(given.tag) })))
      } catch (error) {
        // A wrong flag or key ends the command at its first request. A server that fails later is shown, and asked
        // again.
        if (isFirst || !(error instanceof Failure)) throw error
        display(error)
      }
      isFirst = false
      await setTimeout(interval * 1000, undefined, { signal: stop }).catch(() => {})
    }
    if (io.stdout.isTTY) io.stdout.write("\n")
    return 0
  },
}

/** Shows the checks as they are now, or why they are not known. */
type Display = (now: Listing.Listing | Failure) => void

const home = "\u001b[H"
const clearLine = "\u001b[K"
const clearBelow = "\u001b[J"
const clearScreen = "\u001b[2J"

/** Draws over the last picture, line by line, so that nothing flickers. */
const screen = (io: Io): Display => {
  let last: Listing.Listing = { checks: [], channels: [] }
  io.stdout.write(clearScreen)
  return (now) => {
    if (!(now instanceof Failure)) last = now
    const problem = now instanceof Failure ? now.message : ""
    const lines = frame(last, problem, io)
    io.stdout.write(home + lines.map((line) => line + clearLine).join("\n") + clearBelow)
  }
}

/**
 * Returns the lines of a page, none longer than the terminal is wide and not more than it has rows: those that do not fit
 * are counted. `problem` stands in place of the time when the last request failed.
 */
export const frame = ({ checks, channels }: Listing.Listing, problem: string, io: Io): readonly string[] => {
  const now = new Date()
  const { columns = 80, rows: height } = { columns: columnsOf(io), rows: rowsOf(io) }
  const colour = paint(io)
  const counts = `${counted(checks.length, "check")}  ${CheckView.count(checks)}`
  const heading = plain(`${counts}  ${problem || now.toISOString().slice(11, 19)}`)
  const sorted = checks.toSorted(CheckView.bySeverity)
  // The heading, an empty line and the titles stand above the checks, and how many are left out below them.
  const room = height === undefined ? sorted.length : Math.max(1, height - 3)
  const isCut = sorted.length > room
  const shown = isCut ? sorted.slice(0, Math.max(1, room - 1)) : sorted
  const left = sorted.slice(shown.length)
  const shape = CheckView.columns(shown, now.getTime(), channels).filter(({ title }) => title !== "ID")
  const lines = table(shown, shape, { columns, paint: colour }).trimEnd().split("\n")
  const page = [
    colour(problem === "" ? "bold" : "red", fit(heading, columns)),
    "",
    ...lines,
    ...(isCut ? [fit(`… and ${CheckView.count(left)}`, columns)] : []),
  ]
  return height === undefined || page.length <= height ? page : [page[0]!, ...page.slice(3)].slice(0, height)
}

const rowsOf = ({ stdout }: Io): number | undefined =>
  "rows" in stdout && typeof stdout.rows === "number" && stdout.rows > 0 ? stdout.rows : undefined

/** What was said of a check before. */
interface Known {
  readonly status: Status
  readonly title: string
}

/** A line for each check at first, then one for each that changes, is renamed, or is deleted. */
const log = (io: Io): Display => {
  const known = new Map<string, Known>()
  let problem = ""
  return (now) => {
    const at = new Date().toISOString().slice(0, 19)
    const say = (what: string, title: string) => io.stdout.write(`${at}Z  ${what.padEnd(14)}  ${title}\n`)
    if (now instanceof Failure) {
      if (problem !== now.message) io.stdout.write(`${at}Z  ${plain(now.message)}\n`)
      problem = now.message
      return
    }
    if (problem !== "") io.stdout.write(`${at}Z  the server answers again\n`)
    problem = ""
    const seen = new Set<string>()
    for (const check of now.checks.toSorted(CheckView.bySeverity)) {
      const key = Select.idOf(check)
      const title = Select.title(check)
      const before = known.get(key)
      seen.add(key)
      known.set(key, { status: check.status, title })
      if (before !== undefined && before.title !== title) say("renamed", `${before.title} → ${title}`)
      if (before?.status === check.status) continue
      const change = before === undefined ? check.status : `${before.status} → ${check.status}`
      const isLonely = before === undefined && CheckView.tellsNobody(check)
      say(change, isLonely ? `${title} (tells nobody)` : title)
    }
    for (const [key, { title }] of known) {
      if (seen.has(key)) continue
      known.delete(key)
      say("deleted", title)
    }
  }
}
