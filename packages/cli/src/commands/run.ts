/** `overdue run`: runs a job and reports its start and its end. The monitor is never in the way of the job. */
import { address } from "@overdue/client"
import type { Target as Check } from "@overdue/client"
import { randomUUID } from "node:crypto"
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { defaultBodyLimit, deliver, sendOthers, timeoutFlag, timeoutOf } from "../Delivery.ts"
import { parse, whole } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import type { Environment } from "../Io.ts"
import * as ExitCodes from "../job/ExitCodes.ts"
import * as Haste from "../job/Haste.ts"
import * as Job from "../job/Job.ts"
import * as Signals from "../job/Signals.ts"
import * as Tail from "../job/Tail.ts"
import * as Writer from "../job/Writer.ts"
import * as Spool from "../Spool.ts"
import * as Target from "../Target.ts"

const flags = {
  ...Target.targetFlags,
  "exit-codes": {
    kind: "text",
    value: "LIST",
    help: "what is reported for exit statuses, such as 1=success,3=log,100-120=0; words are success, fail, log, cancel",
  },
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
  "network-timeout": timeoutFlag,
  spool: Spool.flag,
  keys: {
    kind: "switch",
    help: "leave the keys of the monitor in the environment of the job, for a job that calls overdue itself",
  },
  quiet: { kind: "switch", short: "q", help: "print nothing about the monitor on stderr" },
} as const satisfies Flags

/** Bytes of output that are remembered: the hosted Healthchecks keeps so many, ten times the usual default. */
const mostBody = 100_000

/**
 * Milliseconds from the end of the job to its report, after which that says when the end was: servers take the time of
 * arrival.
 */
const slow = 1000

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
    "  overdue run --slug mirror --exit-codes 23-24=success -- rsync -a /data/ backup:/data/",
    "  overdue run -c 7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c -- sh -c 'one && two'",
    "",
    "The job comes first: it starts at once, its output passes through unchanged, and signals are forwarded to",
    "it. A monitor that cannot be reached changes neither its result nor its exit code. The job writes to pipes,",
    "as in `job | cat`: a program that asks for a terminal sees none, unless --no-output is given. What it leaves",
    "in the background goes on, and its output with it. To outlive a terminal, write `overdue run -- nohup job`:",
    "an outer nohup is forgotten, because Node lets every signal end it.",
    "",
    "The job finds in its environment",
    "  OVERDUE_RUN_ID    the id of this run",
    "  OVERDUE_PING_URL  the ping URL of the check, a secret: curl -d 'half done' \"$OVERDUE_PING_URL/log\"",
    "and not the keys that this command has there, such as OVERDUE_API_KEY, unless --keys is given.",
    "",
    "--exit-codes changes what is reported, never the exit code of run. A run that ends in `log` stays open on",
    "the server, which waits for its end; `cancel` closes it without an outcome.",
    "",
    "Proxies are taken from http_proxy, https_proxy, all_proxy and no_proxy, as by curl.",
    "",
    "A job that exits with 0 has not succeeded when something that it wrote could not be passed on: it would have",
    "met the error itself, as a full disk (1), a reader that went away (141) or a file at its limit (153).",
  ].join("\n"),
  exits: {
    126: "the command cannot be run",
    127: "the command was not found",
    "128 + n": "signal n ended it",
    other: "that of the command; with 2 of this one, nothing was run",
  },

  async run(args, io) {
    const { flags: given, positionals, rest } = parse(flags, args, io.environment)
    if (positionals.length > 0 || rest === undefined || rest.length === 0) {
      throw new UsageError(
        "the command to run is missing; write it after --: overdue run --check ID -- COMMAND",
      )
    }
    const target = Target.read(given)
    const reported = ExitCodes.parse(given["exit-codes"])
    const bodyLimit = whole("--body-limit", given["body-limit"], { least: 0, most: 10_000_000 })
    const timeout = timeoutOf(given["network-timeout"])
    const tail = given.output ? Tail.make(Math.max(1, bodyLimit ?? mostBody)) : undefined
    const writers = { 1: Writer.make(1), 2: Writer.make(2) }
    // Whoever reads our stderr may be gone, which is no business of the job.
    const print = (line: string) =>
      void writers[2].write(Buffer.from(`overdue run: ${line}\n`)).catch(() => {})
    const say = (line: string) => void (given.quiet || print(line))
    const abort = new AbortController()
    const spool = given.spool ? Spool.directory(io.environment) : undefined
    const terms = { spool, say, abort: abort.signal, timeout }
    const rid = randomUUID()

    // Once the job is over, a signal is for the report: it is not sent any more, but kept for later.
    const hurry = new Error("interrupted")
    const haste = Haste.listen(() => {
      abort.abort(hurry)
      others.leave(hurry)
    })
    const startedAt = Date.now()
    const environment = told(given.keys ? io.environment : withoutKeys(io.environment), target, rid)
    const job = Job.run(rest, { environment, writers, tail, say })
    const begin = given.start ? deliver({ target, kind: "start", rid, at: startedAt }, terms) : undefined
    const others = sendOthers(target, terms)
    const { code: ownCode, signal, problem, asked, at, passedOn } = await job

    haste.begin(asked)
    const passed = await Promise.race([passedOn, haste.overdue.then(() => "stuck" as const)])
    const isStuck = passed === "stuck"
    const loss = isStuck ? undefined : passed
    const code = codeOf({ code: ownCode, signal }, loss)
    // As in a shell: why nothing was run is always said, and what everybody sees or expects never.
    if (problem !== undefined) print(problem)
    if (signal !== undefined && signal !== "SIGPIPE" && signal !== "SIGINT") say(`killed by ${signal}`)
    const started = await begin
    const mayTime = started?.is === "sent" || started?.is === "unknown"
    const learned = started?.is === "sent" ? started.receipt.bodyLimit : undefined
    const limit = bodyLimit ?? learned ?? defaultBodyLimit
    const kind = reported(code)
    const lines = [
      ...(problem === undefined ? [] : [problem]),
      ...(signal === undefined ? [] : [`killed by ${signal}`]),
      ...(loss === undefined ? [] : [loss.sentence]),
      ...(!mayTime || Date.now() - at < slow
        ? []
        : [`ended ${new Date(at).toISOString()} after ${at - startedAt} ms`]),
      ...(kind === code ? [] : [`exit status ${code}, reported as ${kind}`]),
    ]
    const body = report(tail, lines, limit)
    await deliver({ target, kind, rid, at, startedAt, body, bodyLimit: limit }, terms)
    await others.end()
    haste.stop()
    if (isStuck) await haste.end(haste.asked() ?? "SIGTERM")
    if (signal === "SIGINT" && Signals.isAtTerminal()) await haste.end("SIGINT")
    return code
  },
}

/**
 * Returns the exit code of the job, or what it would most likely have been, had the job met the error that we met. It
 * learns only that its output is read no more.
 */
const codeOf = ({ code, signal }: Pick<Job.End, "code" | "signal">, loss: Job.Loss | undefined): number =>
  loss !== undefined && (code === 0 || signal === "SIGPIPE") ? loss.code : code

/** What opens more than the check of this job. */
const keys = [
  "OVERDUE_API_KEY",
  "OVERDUE_API_KEY_READONLY",
  "OVERDUE_PING_KEY",
  "OVERDUE_ADMIN_KEY",
  "OVERDUE_METRICS_KEY",
  "OVERDUE_PROBER_KEY",
  "OVERDUE_SECRET",
]

const withoutKeys = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !keys.includes(name)))

/** Returns what the job finds in its environment: ours, and how it may speak of its run. */
const told = (environment: Environment, target: Check, rid: string): Environment => {
  const url = address(target)
  // How the check is created is said already, and a kind is added to the end.
  url.search = ""
  url.hash = ""
  return { ...environment, OVERDUE_RUN_ID: rid, OVERDUE_PING_URL: url.href.replace(/\/+$/, "") }
}

/** Returns the end of the output; the last lines say what ended the job, unless it exited, and what was made of that. */
const report = (tail: Tail.Tail | undefined, lines: readonly string[], limit: number): Buffer => {
  const text = lines.map((line) => `overdue: ${line}\n`).join("")
  const end = Buffer.from(text).subarray(0, limit)
  const output = tail?.bytes(limit - end.length) ?? Buffer.alloc(0)
  if (end.length === 0 || output.length === 0 || output.at(-1) === newline)
    return Buffer.concat([output, end])
  return Buffer.concat([output, Buffer.from("\n"), end]).subarray(-limit)
}

const newline = 0x0a
