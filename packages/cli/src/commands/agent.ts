/** `overdue agent`: measures the machine that it runs on, and reports to a server monitor. Loads nothing that it can do without. */
import { join, resolve } from "node:path"
import * as Agent from "@overdue/probes/agent/Agent"
import type { Terms } from "@overdue/probes/agent/Agent"
import * as Limits from "@overdue/probes/agent/Limits"
import * as Machine from "@overdue/probes/agent/Machine"
import * as SpoolLock from "@overdue/probes/agent/SpoolLock"
import * as Arguments from "../Arguments.ts"
import * as Caught from "../Caught.ts"
import type { Command } from "../Command.ts"
import * as Ending from "../Ending.ts"
import { Failure, UsageError } from "../Failure.ts"
import { fetchOfPing } from "../Fetch.ts"
import type { Flags, Values } from "../Flags.ts"
import * as Folder from "../Folder.ts"
import type { Io } from "../Io.ts"
import * as KeyAtHand from "../KeyAtHand.ts"
import * as Posting from "../Posting.ts"
import * as Span from "../Span.ts"
import { defaultUrl, site } from "../Target.ts"

const flags = {
  monitor: {
    kind: "text",
    short: "m",
    value: "ID",
    env: "OVERDUE_MONITOR",
    help: "the server monitor that the reports are for",
  },
  url: { kind: "text", value: "URL", env: "OVERDUE_URL", default: defaultUrl, help: "address of the server" },
  "api-key-file": {
    kind: "text",
    value: "FILE",
    env: "OVERDUE_API_KEY_FILE",
    help: "a file with an API key of the project; instead of OVERDUE_API_KEY in the environment",
  },
  interval: { kind: "text", value: "SPAN", default: "60s", help: "how often the machine is measured" },
  spool: {
    kind: "text",
    value: "FOLDER",
    help: "keep reports that cannot be sent there, 10 MB at most; without it, in memory",
  },
  once: { kind: "switch", help: "print one measurement, and send nothing" },
  json: { kind: "switch", help: "with --once: print the report as JSON" },
  unit: { kind: "switch", help: "print a service of systemd that runs this command line" },
  quiet: { kind: "switch", short: "q", help: "print nothing on stderr" },
} as const satisfies Flags

export const command: Command = {
  name: "agent",
  usage: ["agent --monitor ID [--api-key-file FILE] [OPTIONS]", "agent --once [--json]", "agent --unit …"],
  description:
    "Measures this machine (Linux): processors, memory, swap, load, disks, network, processes. Reports to a server monitor.",
  flags,
  details: [
    "The API key comes from OVERDUE_API_KEY or from --api-key-file, and from no flag: everybody on the machine can",
    "read command lines. The file is read again when the server does not accept the key.",
    "",
    "While the server is away, reports are kept, and sent when it is back, the oldest first. An answer that is lost",
    "on its way lets a report be sent twice.",
    "",
    "Examples",
    "  overdue agent --once",
    "  overdue agent --unit --url https://overdue.example.org --monitor ID > overdue-agent.service",
  ].join("\n"),
  exits: {
    0: "it was told to end, by SIGTERM or SIGINT: it does within two seconds, and what waits is kept in the spool",
    1: "it cannot work: this is not Linux, the key cannot be read, or another agent uses the spool",
  },

  async run(args, io) {
    const given = Arguments.flagsAlone(flags, args, io.environment)
    if (given.json && !given.once) throw new UsageError("--json goes with --once")
    const interval = intervalOf(given.interval)
    const say = (line: string) => void (given.quiet || io.stderr.write(`overdue agent: ${line}\n`))
    if (given.unit) return await printUnit(io, given, args)
    if (process.platform !== "linux") throw new Failure("this machine cannot be measured: it is no Linux")
    beSmall()
    const stop = Ending.stopping()
    const machine = Machine.here()
    if (given.once) {
      const metrics = await Agent.once({ machine, say, stop })
      const { print } = await import("../agent/Measurement.ts")
      print(io, metrics, given.json)
      return 0
    }
    const monitor = monitorOf(given)
    const post = posting(io, given, monitor)
    const spool =
      given.spool === undefined ? undefined : spoolOf({ folder: given.spool, monitor, machine, say })
    await Agent.run({ machine, interval, folder: spool?.folder, post, say, stop })
    spool?.giveBack()
    Ending.leave()
    return 0
  },
}

/**
 * Keeps V8 from compiling what runs a few times a minute: `pnpm bench agent` shows 13 MiB of memory of its own instead of
 * 17, and less use of processors, for compiling is most of it.
 */
const beSmall = (): void => {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8")
  for (const flag of ["--no-opt", "--no-maglev", "--no-sparkplug", "--max-semi-space-size=1"])
    setFlagsFromString(flag)
}

const intervalOf = (text: string | undefined): number => {
  const { least, usual, most } = Limits.interval
  const seconds = Span.parse("--interval", text) ?? usual
  if (seconds >= least && seconds <= most) return seconds
  throw new UsageError(`--interval is at least 1s and at most 1d, not ${JSON.stringify(text)}`)
}

const monitorOf = ({ monitor }: Values<typeof flags>): string => {
  if (monitor === undefined)
    throw new UsageError("name the server monitor with --monitor ID, or measure with --once")
  if (/^[\w-]{1,100}$/.test(monitor)) return monitor
  throw new UsageError("--monitor is the id of a server monitor: digits, letters, - and _ only")
}

/** Where a spool is to be. */
interface Place {
  readonly folder: string
  readonly monitor: string
  readonly machine: Machine.Machine
  readonly say: Terms["say"]
}

/**
 * Each monitor has a folder of its own, so that the agents of two send nothing of each other. The agent goes on without one
 * that cannot be used: a machine with a disk that fails is to be measured all the same.
 */
const spoolOf = ({ folder, monitor, machine, say }: Place) => {
  const own = join(resolve(folder), monitor)
  try {
    Folder.make(own)
    return { folder: own, giveBack: SpoolLock.take(own, machine) }
  } catch (error) {
    if (error instanceof SpoolLock.Held)
      throw new Failure(
        `--spool ${folder} is used by another agent for monitor ${monitor} (process ${error.pid}): end that one, or name another folder`,
      )
    say(
      `--spool ${folder} cannot be used (${Caught.brief(error)}), and reports wait in memory: name a folder that this user may write to`,
    )
    return undefined
  }
}

/** Returns how a report is sent. Fails with a `UsageError` or a `Failure` when there is no key. */
const posting = (io: Io, given: Values<typeof flags>, monitor: string): Terms["post"] => {
  const base = site(given.url ?? defaultUrl).replace(/\/+$/, "")
  const url = `${base}/ph/data-gateway/v1/server-resource/${monitor}/metrics`
  const { "api-key-file": file } = given
  const post = Posting.make({
    fetch: fetchOfPing,
    program: "overdue-agent",
    keyNow: () => KeyAtHand.read(io, { file, names: ["OVERDUE_API_KEY"], who: "the agent" }),
    credential: (key) => ({ Authorization: `Bearer ${key}` }),
  })
  return (body, abort) => post(url, body, AbortSignal.any([abort, AbortSignal.timeout(Limits.attempt)]))
}

/** Prints the unit for the command line that asks for it. */
const printUnit = async (io: Io, given: Values<typeof flags>, args: readonly string[]): Promise<number> => {
  const Unit = await import("@overdue/probes/agent/Unit")
  const { url = defaultUrl, "api-key-file": keyFile, interval } = given
  const program = [process.execPath, resolve(process.argv[1] ?? "overdue")]
  const words = ["agent", "--url", site(url), "--monitor", monitorOf(given)]
  const more = [
    ...(interval === undefined ? [] : ["--interval", interval]),
    ...(given.quiet ? ["--quiet"] : []),
  ]
  if (args.includes("--spool")) throw new UsageError("--unit has a spool of its own: leave --spool out")
  io.stdout.write(
    Unit.text({
      command: [...program, ...words, ...more],
      keyFile: keyFile === undefined ? undefined : resolve(keyFile),
    }),
  )
  return 0
}
