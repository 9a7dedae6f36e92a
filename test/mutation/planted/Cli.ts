/** Bugs of the command line: jobs under `run`, signals that are kept, secrets, and the server as it is shipped. */
import type { Bug } from "./Bug.ts"

const run = "packages/cli/src/commands/run.ts"
const spool = "packages/cli/src/Spool.ts"
const delivery = "packages/cli/src/Delivery.ts"
const ofRun = ["packages/cli/test/commands/run.test.ts"]
const ofRunWorld = ["packages/cli/test/commands/runWorld.test.ts"]
const ofPing = ["packages/cli/test/commands/ping.test.ts"]
const ofSpool = ["packages/cli/test/Spool.test.ts"]
const ofSecret = ["packages/cli/test/commands/secret.test.ts"]
const ofBackup = ["packages/cli/test/commands/backup.test.ts"]

export const cli: readonly Bug[] = [
  {
    what: "a server follows whatever stands in for its clock at once, and raises false alarms of every job",
    file: "packages/cli/src/serve/Serve.ts",
    original: "SteadyClock.Replaceable, false",
    replacement: "SteadyClock.Replaceable, true",
    tests: ["test/system/journeys/wrongClock.test.ts"],
  },
  {
    what: "other users of the machine can read the secret of a new installation",
    file: "packages/cli/src/serve/Secret.ts",
    original: "mode: 0o600, flag:",
    replacement: "mode: 0o644, flag:",
    tests: ofSecret,
    named: "the files of a database",
  },
  {
    what: "a server starts with the secret of another one, and none of its keys opens anything",
    file: "packages/cli/src/serve/Fingerprint.ts",
    original: "facts.fingerprint !== undefined && facts.fingerprint !== fingerprint",
    replacement: 'facts.fingerprint === "" && facts.fingerprint !== fingerprint',
    tests: ofSecret,
    named: "is not opened by keys list",
  },
  {
    what: "a database without its secret gets a new one, and none of its keys opens anything",
    file: "packages/cli/src/serve/Fingerprint.ts",
    original: "(isNew ? Secret.of(database) : undefined)",
    replacement: "(isNew || facts.digests.length > 0 ? Secret.of(database) : undefined)",
    tests: ofSecret,
    named: "a database without its secret",
  },
  {
    what: "a backup is restored under a secret that is not its own, and none of its keys opens anything",
    file: "packages/cli/src/local/Backup.ts",
    original: "database.secret !== undefined && database.secret !== secret",
    replacement: 'database.secret === "" && database.secret !== secret',
    tests: ofBackup,
    named: "the environment has another secret",
  },
  {
    what: "a backup with another secret than its database's is taken for a good one",
    file: "packages/cli/src/local/Backup.ts",
    original: "(fingerprint === undefined || fingerprint === Fingerprint.of(secret))",
    replacement: "(fingerprint === undefined || fingerprint.length === Fingerprint.of(secret).length)",
    tests: ofBackup,
    named: "is not that of its database",
  },
  {
    what: "a key that is wrong is repeated in the message, and with it in the log of the job",
    file: "packages/cli/src/Target.ts",
    original: "`${flag} has a space, a line break",
    replacement: "`${flag} ${text} has a space, a line break",
    tests: ["packages/cli/test/Target.test.ts"],
  },
  {
    what: "the channels of a server that is started without flags reach the private network",
    file: "packages/cli/src/serve/Serve.ts",
    original: "allowPrivateTargets: config.allowPrivateTargets,",
    replacement: "allowPrivateTargets: true,",
    tests: ["packages/cli/test/commands/serve.test.ts"],
    named: "a server that is started without flags",
  },
  {
    what: "a server that is started without flags can be reached from every network",
    file: "packages/cli/src/serve/Config.ts",
    original: 'default: "127.0.0.1",',
    replacement: 'default: "0.0.0.0",',
    tests: ["packages/cli/test/serve/Config.test.ts"],
  },
  {
    what: "wrong keys may be tried without a limit at a server as it is started",
    file: "packages/cli/src/serve/Config.ts",
    original: "      wrongKeys: RateLimit.make(wrongKeys, networks),\n",
    replacement: "",
    tests: ["packages/cli/test/serve/Config.test.ts"],
  },
  {
    what: "the limit of pings that an operator sets is not kept",
    file: "packages/cli/src/serve/Serve.ts",
    original: "signalsPerMinute: config.signalsPerMinute,",
    replacement: "signalsPerMinute: undefined,",
    tests: ["packages/cli/test/commands/serve.test.ts"],
    named: "a setting of a server",
  },
  {
    what: "a job under run finds the API key in its environment",
    file: run,
    original: '  "OVERDUE_API_KEY",\n',
    replacement: "",
    tests: ofRunWorld,
    named: "no key that opens more",
  },
  {
    what: "the exit code of a job becomes 1 because its monitor cannot be reached",
    file: run,
    original: "    await deliver({ target, kind, rid, at, startedAt, body, bodyLimit: limit }, terms)\n",
    replacement: `    const end = await deliver({ target, kind, rid, at, startedAt, body, bodyLimit: limit }, terms)
    if (end.is !== "sent" && code === 0) return 1
`,
    tests: ofRun,
    named: "a monitor that is away",
  },
  {
    what: "--exit-codes changes the exit code of the job itself",
    file: run,
    original:
      '    if (signal === "SIGINT" && Signals.isAtTerminal()) await haste.end("SIGINT")\n    return code',
    replacement:
      '    if (signal === "SIGINT" && Signals.isAtTerminal()) await haste.end("SIGINT")\n    return typeof kind === "number" ? kind : kind === "success" ? 0 : code',
    tests: ofRunWorld,
    named: "--exit-codes",
  },
  {
    what: "a job that a signal ended exits with 1, which scripts take for an error of its own",
    file: "packages/cli/src/job/Job.ts",
    original: "code: 128 + constants.signals[signal], signal }",
    replacement: "code: Math.min(1, constants.signals[signal]), signal }",
    tests: ofRun,
    named: "a job that fails",
  },
  {
    what: "a signal to run does not reach the job, which goes on alone",
    file: "packages/cli/src/job/Signals.ts",
    original: "return void child.kill(signal)",
    replacement: "return void signal",
    tests: ofRun,
    named: "signals",
  },
  {
    what: "the start of a run does not name it, so that runs that overlap are mixed up",
    file: run,
    original: 'deliver({ target, kind: "start", rid, at: startedAt }, terms)',
    replacement: 'deliver({ target, kind: "start", at: startedAt }, terms)',
    tests: ofRun,
    named: "a job that succeeds",
  },
  {
    what: "the report of a job has the beginning of its output and not the end, where the error is",
    file: "packages/cli/src/job/Tail.ts",
    original: "const from = (written - length) % capacity",
    replacement: "const from = 0 % capacity",
    tests: ["packages/cli/test/job/Tail.test.ts"],
  },
  {
    what: "a kept signal is lost when the machine loses its power (no fsync)",
    file: spool,
    original: "      await file.sync()\n",
    replacement: "",
    tests: ofSpool,
  },
  {
    what: "other users of the machine can read kept signals, and with them ping URLs",
    file: spool,
    original: 'open(draft, "wx", 0o600)',
    replacement: 'open(draft, "wx", 0o644)',
    tests: ofRun,
    named: "a monitor that is away",
  },
  {
    what: "kept signals are sent with the newest first",
    file: spool,
    original: "      .sort()\n",
    replacement: "      .sort()\n      .toReversed()\n",
    tests: ofSpool,
  },
  {
    what: "when too many signals are kept, the newest are deleted",
    file: spool,
    original: ".slice(0, -mostEntries)",
    replacement: ".slice(mostEntries)",
    tests: ofSpool,
  },
  {
    what: "a kept signal is sent by two processes at once",
    file: spool,
    original: "owner !== undefined && isAlive(Number(owner))",
    replacement: "owner !== undefined && !isAlive(Number(owner))",
    tests: ofSpool,
  },
  {
    what: "a signal overtakes one of its check that was kept before it",
    file: delivery,
    original: "if (!earlier?.isAway && !isBehind) {",
    replacement: "if (!isBehind || !earlier.isAway) {",
    tests: ofPing,
    named: "does not overtake",
  },
  {
    what: "a start is kept and sent late, and times its run wrongly",
    file: delivery,
    original: 'const canWait = spool !== undefined && kind !== "start" && (',
    replacement: "const canWait = spool !== undefined && (",
    tests: ofPing,
    named: "but not a start",
  },
  {
    what: "a signal that waited for days is sent as news of the present",
    file: delivery,
    original: 'Date.now() - entry.at > staleAfter ? "log" : entry.kind',
    replacement: 'Date.now() - entry.at > Infinity * staleAfter ? "log" : entry.kind',
    tests: ofPing,
    named: "for more than a day",
  },
  {
    what: "a signal whose answer got lost is stored again when it is sent from the queue",
    file: delivery,
    original: "        ...(entry.key !== undefined && { key: entry.key }),\n",
    replacement: "",
    tests: ofPing,
    named: "names a signal",
  },
  {
    what: "a kept signal that the server refuses stands before all others for ever",
    file: delivery,
    original: 'if (!Tries.mayPass(error)) return "refused"',
    replacement: 'if (!Tries.mayPass(error)) return "keep"',
    tests: ofPing,
    named: "is rid of a kept signal",
  },
  {
    what: "a check that run or ping is to create is asked for without a key, which the server refuses each time",
    file: "packages/cli/src/Target.ts",
    original: '"ping-key": pingKey, create }',
    replacement: '"ping-key": pingKey = "none", create }',
    tests: ofRun,
    named: "options that make no sense",
  },
  {
    what: "apply deletes what its file does not mention, though nobody asked for that",
    file: "packages/cli/src/declaration/Changeset.ts",
    original: "  if (prune) {\n",
    replacement: "  if (prune || project.checks.length > 0) {\n",
    tests: ["packages/cli/test/declaration.test.ts"],
  },
  {
    what: "apply makes half of its changes before the server refuses the rest",
    file: "packages/cli/src/declaration/Changeset.ts",
    original: "  if (refused.length > 0)\n",
    replacement: "  if (refused.length > 1000)\n",
    tests: ["packages/cli/test/declaration.test.ts"],
  },
  {
    what: "the requests in flight fail when the server stops, because the engine ends before the door is closed",
    file: "packages/cli/src/serve/Serve.ts",
    original: `    await Promise.all(open.map((port) => port.close()))
    await runtime.dispose()
`,
    replacement: `    await runtime.dispose()
    await Promise.all(open.map((port) => port.close()))
`,
    tests: ["packages/cli/test/commands/serve.test.ts"],
    named: "whose body is still on its way",
  },
  {
    what: "a redirect to another host takes the API key along",
    file: "packages/client/src/redirect.ts",
    original: "!/^(x-api-key|authorization)$/i.test(name)",
    replacement: "!/^(x-api-token|authorization)$/i.test(name)",
    tests: ["packages/cli/test/Proxy.test.ts"],
    named: "a redirect to another host",
  },
  {
    what: "Return at a question means yes, and deletes",
    file: "packages/cli/src/Confirm.ts",
    original: "/^y(es)?$/i",
    replacement: "/^(y(es)?)?$/i",
    tests: ["packages/cli/test/Confirm.test.ts"],
  },
  {
    what: "the name of a check can write to the terminal of whoever lists it",
    file: "packages/cli/src/Style.ts",
    original: '    .replace(/[\\p{Cc}\\u2028\\u2029]+/gu, " ")\n',
    replacement: '    .replace(/[\\u2028\\u2029]+/gu, " ")\n',
    tests: ["packages/cli/test/Table.test.ts"],
  },
  {
    what: "a backup is restored over the database that is there, though nobody asked for that",
    file: "packages/cli/src/commands/restore.ts",
    original: "Backup.restore(file, database, given.force)",
    replacement: "Backup.restore(file, database, true)",
    tests: ofBackup,
    named: "needs --force",
  },
]
