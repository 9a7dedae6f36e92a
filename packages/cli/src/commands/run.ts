/** overdue run: a job with its monitor around it, and never in its way. */
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
    help: "give the job our own output, so that it sees a terminal, and send none of it along",
  },
  "body-limit": {
    kind: "text",
    value: "BYTES",
    help: "how much of the end of the output is sent; default is what the server keeps",
  },
  start: { kind: "switch", isOn: true, help: "send no start, only the end" },
  spool: Spool.flag,
  quiet: { kind: "switch", short: "q", help: "never mention the monitor on stderr" },
} as const satisfies Flags

/** The hosted Healthchecks keeps this much, ten times what servers keep by default. */
const mostBody = 100_000

export const command: Command = {
  name: "run",
  usage: ["run --check ID [OPTIONS] -- COMMAND [ARGUMENT …]", "run --slug SLUG [--create …] -- COMMAND …"],
  description:
    "Runs a command and tells its check when it starts, and how it ended with the last of its output.",
  flags,
  details: [
    "Examples",
    "  overdue run --slug backup -- pg_dump -f /backup/db.sql db",
    "  overdue run --slug nightly --create --schedule '0 3 * * *' --tz Europe/Riga -- ./nightly.sh",
    "  overdue run -c 7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c -- sh -c 'one && two'",
    "",
    "The job comes first: it starts at once, its output passes through unchanged, signals are forwarded to it,",
    "and a monitor that is away changes neither its result nor its exit code.",
    "",
    "Exit codes",
    "  that of the command; 128 + n when signal n ended it; 127 when it was not found, 126 when it could",
    "  not be run; 2 when these options make no sense, and then nothing was run",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals, rest } = parse(flags, args, io.environment)
    if (positionals.length > 0 || rest === undefined || rest.length === 0) {
      throw new UsageError(`the command to run comes after --: overdue run --check ID -- COMMAND`)
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

    // From here on there is no job to hand a signal to: it ends the reporting, and the report is kept.
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

/** The end of the output, and in the last line what ended the job if that was no exit status. */
const report = (tail: Tail.Tail | undefined, remark: string | undefined, limit: number): Buffer => {
  const line = Buffer.from(remark === undefined ? "" : `overdue: ${remark}\n`).subarray(0, limit)
  const output = tail?.bytes(limit - line.length) ?? Buffer.alloc(0)
  return Buffer.concat([output, line])
}
