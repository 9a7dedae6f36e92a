/** `overdue watch`: the status of a project's checks, live: a page on a terminal, a line for each change elsewhere. */
import * as Arguments from "../Arguments.ts"
import type { Check, Status } from "@overdue/client/management"
import { bySeverity, columns, count } from "../CheckView.ts"
import type { Command } from "../Command.ts"
import type { Io } from "../Io.ts"
import { UsageError } from "../Failure.ts"
import * as Server from "../Server.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as Select from "../Select.ts"
import * as Span from "../Span.ts"
import { paint } from "../Style.ts"
import { table } from "../Table.ts"

const flags = {
  tag: {
    kind: "texts",
    short: "t",
    value: "TAG",
    help: "only checks with this tag; given several times, with all of them",
  },
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
    const { flags: given, positionals } = parse(flags, args, io.environment)
    Arguments.none(positionals)
    const interval = Span.parse("--interval", given.interval) ?? 5
    if (interval < 1) throw new UsageError("--interval is at least 1s")
    const stop = new AbortController()
    const end = () => stop.abort()
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end)
    const display = io.stdout.isTTY ? screen(io) : log(io)
    let isFirst = true
    while (!stop.signal.aborted) {
      try {
        display(await Server.use(given, (api) => api.checks.list({ tags: given.tag })))
      } catch (error) {
        // A wrong flag or key ends the command at its first request. A server that fails later is shown, and asked
        // again.
        if (isFirst || !(error instanceof Error)) throw error
        display(error)
      }
      isFirst = false
      await pause(interval * 1000, stop.signal)
    }
    if (io.stdout.isTTY) io.stdout.write("\n")
    return 0
  },
}

/** Shows the checks as they are now, or why they are not known. */
type Display = (now: readonly Check[] | Error) => void

const home = "\u001b[H"
const clearLine = "\u001b[K"
const clearBelow = "\u001b[J"
const clearScreen = "\u001b[2J"

/** Draws over the last picture, line by line, so that nothing flickers. */
const screen = (io: Io): Display => {
  let last: readonly Check[] = []
  io.stdout.write(clearScreen)
  return (now) => {
    if (Array.isArray(now)) last = now
    const problem = now instanceof Error ? paint(io)("red", now.message) : ""
    const lines = frame(last, problem, io).split("\n")
    const rows = "rows" in io.stdout && typeof io.stdout.rows === "number" ? io.stdout.rows : lines.length
    const shown =
      lines.length <= rows ? lines : [...lines.slice(0, rows - 1), `… ${lines.length - rows + 1} more lines`]
    io.stdout.write(home + shown.map((line) => line + clearLine).join("\n") + clearBelow)
  }
}

/** Returns the text of a page; `problem` stands in place of the time when the last request failed. */
export const frame = (checks: readonly Check[], problem: string, io: Io): string => {
  const now = new Date()
  const heading = `${paint(io)("bold", `${checks.length} checks`)}  ${count(checks)}  ${problem || now.toISOString().slice(11, 19)}`
  const shape = columns(now.getTime()).filter(({ title }) => title !== "ID")
  const rows = checks.toSorted(bySeverity)
  return `${heading}\n\n${table(rows, shape, { columns: io.stdout.columns, paint: paint(io) })}`.trimEnd()
}

/** A line for each check at first, then one for each that changes. */
const log = (io: Io): Display => {
  const known = new Map<string, Status>()
  let problem = ""
  return (now) => {
    const at = new Date().toISOString().slice(0, 19)
    if (now instanceof Error) {
      if (problem !== now.message) io.stdout.write(`${at}Z  ${now.message}\n`)
      problem = now.message
      return
    }
    if (problem !== "") io.stdout.write(`${at}Z  the server answers again\n`)
    problem = ""
    const seen = new Set<string>()
    for (const check of now.toSorted(bySeverity)) {
      const key = check.uuid ?? check.unique_key ?? check.name
      seen.add(key)
      const before = known.get(key)
      if (before === check.status) continue
      known.set(key, check.status)
      const change = before === undefined ? check.status : `${before} → ${check.status}`
      io.stdout.write(`${at}Z  ${change.padEnd(14)}  ${Select.title(check)}\n`)
    }
    for (const key of known.keys()) if (!seen.has(key)) known.delete(key)
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener("abort", done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener("abort", done)
  })
