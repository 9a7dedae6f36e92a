/** `overdue run`: runs a job and reports its start and its end. The monitor is never in the way of the job. */
import { randomUUID } from "node:crypto"
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { defaultBodyLimit, deliver } from "../Delivery.ts"
import { parse, whole } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as Job from "../Job.ts"
import * as Spool from "../Spool.ts"
import * as Tail from "../Tail.ts"
import * as Target from "../Target.ts"

const flags = {
  ...Target.targetFlags,
  output: {
    kind: "switch",
    isOn: true,
    help: "leave the output of the job alone, so that it sees the terminal, and report none of it",
  },
  "body-limit": {
    kind: "text",
    value: "BYTES",
    help: "how many bytes from the end of the output are sent; by default as many as the server keeps",
  },
  start: { kind: "switch", isOn: true, help: "report only the end of the job, not its start" },
  spool: Spool.flag,
  quiet: { kind: "switch", short: "q", help: "print nothing about the monitor on stderr" },
} as const satisfies Flags

/** Bytes of output that are remembered: the hosted Healthchecks keeps so many, ten times the usual default. */
const mostBody = 100_000

export const command: Command = {
  name: "run",
  usage: ["run --check ID [OPTIONS] -- COMMAND [ARGUMENT …]", "run --slug SLUG [--create …] -- COMMAND …"],
  description:
    "Runs a command, and reports to a check when it starts and how it ends, with the end of its output.",
  flags,
  details: [
    "Examples",
    "  overdue run --slug backup -- pg_dump -f /backup/db.sql db",
    "  overdue run --slug nightly --create --schedule '0 3 * * *' --tz Europe/Riga -- ./nightly.sh",
    "  overdue run -c 7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c -- sh -c 'one && two'",
    "",
    "The job comes first: it starts at once, its output passes through unchanged, and signals are forwarded to",
    "it. A monitor that cannot be reached changes neither its result nor its exit code.",
    "",
    "Exit codes",
    "  that of the command; 128 + n when signal n ended it; 127 when it was not found, 126 when it could",
    "  not be run; 2 when this command line is wrong, and then nothing was run",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals, rest } = parse(flags, args, io.environment)
    if (positionals.length > 0 || rest === undefined || rest.length === 0) {
      throw new UsageError(
        "the command to run is missing; write it after --: overdue run --check ID -- COMMAND",
      )
    }
    const target = Target.read(given)
    const bodyLimit = whole("--body-limit", given["body-limit"], { least: 0, most: 10_000_000 })
    const tail = given.output ? Tail.make(Math.max(1, bodyLimit ?? mostBody)) : undefined
    const abort = new AbortController()
    const say = (line: string) => void (given.quiet || io.stderr.write(`overdue run: ${line}\n`))
    const terms = {
      spool: given.spool ? Spool.directory(io.environment) : undefined,
      say,
      abort: abort.signal,
    }
    const rid = randomUUID()

    const startedAt = Date.now()
    const job = Job.run(rest, { ...io, tail, isTerminal: io.stdin.isTTY === true })
    const begin = given.start ? deliver({ target, kind: "start", rid, at: startedAt }, terms) : undefined
    const { code, remark } = await job
    const at = Date.now()
    if (remark !== undefined) io.stderr.write(`overdue run: ${remark}\n`)

    // The job is over, so a signal is for the report: it is not sent any more, but kept for later.
    const hurry = () => abort.abort(new Error("interrupted"))
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.once(signal, hurry)
    const started = await begin
    const learned = started?.is === "sent" ? started.receipt.bodyLimit : undefined
    const limit = bodyLimit ?? learned ?? defaultBodyLimit
    const body = report(tail, remark, limit)
    await deliver({ target, kind: code, rid, at, startedAt, body, bodyLimit: limit }, terms)
    return code
  },
}

/** Returns the end of the output; its last line says what ended the job, unless it exited. */
const report = (tail: Tail.Tail | undefined, remark: string | undefined, limit: number): Buffer => {
  const line = Buffer.from(remark === undefined ? "" : `overdue: ${remark}\n`).subarray(0, limit)
  const output = tail?.bytes(limit - line.length) ?? Buffer.alloc(0)
  return Buffer.concat([output, line])
}
