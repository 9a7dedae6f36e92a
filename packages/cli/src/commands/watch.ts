/** overdue watch: the state of a project, live. */
import type { Check, Status } from "@overdue/client/management"
import { bySeverity, columns, count } from "../CheckView.ts"
import type { Command } from "../Command.ts"
import type { Io } from "../Io.ts"
import { UsageError } from "../Failure.ts"
import * as Connection from "../Connection.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as Select from "../Select.ts"
import * as Span from "../Span.ts"
import { paint } from "../Style.ts"
import { table } from "../Table.ts"

const flags = {
  tag: { kind: "texts", short: "t", value: "TAG", help: "only checks that carry it; several: all of them" },
  interval: { kind: "text", value: "SPAN", default: "5s", help: "how often the server is asked" },
  ...Connection.connectionFlags,
} as const satisfies Flags

export const command: Command = {
  name: "watch",
  usage: ["watch [--tag TAG …] [--interval SPAN]"],
  description:
    "Shows the checks live, what needs somebody first. Without a terminal: a line for each change of status.",
  flags,
  details: "Ctrl-C ends it.",

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length > 0)
      throw new UsageError(`it takes no words, only flags; there is ${positionals[0]}`)
    const interval = Span.parse("--interval", given.interval) ?? 5
    if (interval < 1) throw new UsageError("--interval is at least 1s")
    const stop = new AbortController()
    const end = () => stop.abort()
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end)
    const show = io.stdout.isTTY ? screen(io) : log(io)
    let isFirst = true
    while (!stop.signal.aborted) {
      try {
        show(await Connection.use(given, (api) => api.checks.list({ tags: given.tag })))
      } catch (error) {
        // Wrong words and keys end it; a server that goes away while it is watched is news like any other.
        if (isFirst || !(error instanceof Error)) throw error
        show(error)
      }
      isFirst = false
      await pause(interval * 1000, stop.signal)
    }
    if (io.stdout.isTTY) io.stdout.write("\n")
    return 0
  },
}

type Show = (now: readonly Check[] | Error) => void

const home = "\u001b[H"
const clearLine = "\u001b[K"
const clearBelow = "\u001b[J"
const clearScreen = "\u001b[2J"

/** Draws over the last picture, line by line, so that nothing flickers. */
const screen = (io: Io): Show => {
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

/** One picture; `problem` replaces the time when the server could not be asked. */
export const frame = (checks: readonly Check[], problem: string, io: Io): string => {
  const now = new Date()
  const heading = `${paint(io)("bold", `${checks.length} checks`)}  ${count(checks)}  ${problem || now.toISOString().slice(11, 19)}`
  const shape = columns(now.getTime()).filter(({ title }) => title !== "ID")
  const rows = checks.toSorted(bySeverity)
  return `${heading}\n\n${table(rows, shape, { columns: io.stdout.columns, paint: paint(io) })}`.trimEnd()
}

/** A line for each check at first, then one for each that changes. */
const log = (io: Io): Show => {
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
