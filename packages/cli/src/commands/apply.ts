/** overdue apply: a project as a file says. */
import type { Command } from "../Command.ts"
import { Failure, UsageError } from "../Failure.ts"
import { confirm, yesFlag } from "../Confirm.ts"
import * as Connection from "../Connection.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import { paint } from "../Style.ts"

const flags = {
  plan: { kind: "switch", help: "only show what would change" },
  prune: { kind: "switch", help: "delete the checks and channels that the file does not mention" },
  yes: yesFlag,
  ...Connection.connectionFlags,
} as const satisfies Flags

export const command: Command = {
  name: "apply",
  usage: ["apply FILE [--plan] [--prune] [--yes]"],
  description:
    "Makes a project what a file says: shows what would change, asks, and does it. Applying twice changes nothing.",
  flags,
  details: [
    "FILE is YAML, JSON, or TypeScript with a default export; - is standard input. What it does not mention",
    "stays as it is. Checks are known by slug, or without one by name; channels by name.",
    "",
    "  channels:",
    "    - name: ops",
    "      kind: webhook",
    "      value: { method_down: POST, url_down: '${OPS_HOOK}' }",
    "  checks:",
    "    - slug: backup",
    "      name: Nightly backup",
    "      schedule: 0 3 * * *",
    "      tz: Europe/Riga",
    "      grace: 30m",
    "      tags: [db, nightly]",
    "      channels: [ops]",
    "",
    "Exit codes",
    "  0  done, or nothing to do      1  the server refused, or nobody said yes",
    "  2  the words were wrong        3  with --plan: there is something to do",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const [path, ...surplus] = positionals
    if (path === undefined || surplus.length > 0) throw new UsageError("name one file: overdue apply FILE")
    const [File, Declaration, Plan] = await Promise.all([
      import("../declaration/File.ts"),
      import("../declaration/Declaration.ts"),
      import("../declaration/Plan.ts"),
    ])
    const wanted = Declaration.read(await File.load(path, io.stdin))
    return await Connection.use(given, async (api) => {
      const [checks, channels] = await Promise.all([api.checks.list(), api.channels.list()])
      const plan = Plan.make(
        wanted,
        { checks, channels },
        { prune: given.prune, environment: io.environment },
      )
      io.stdout.write(Plan.print(plan, paint(io)))
      if (given.plan) return plan.steps.length === 0 ? 0 : 3
      if (plan.steps.length === 0) return 0
      if (!(await confirm(io, given.yes, "Do it?"))) {
        io.stdout.write("nothing was changed\n")
        return 1
      }
      for (const [index, step] of plan.steps.entries()) {
        try {
          await Plan.take(step, api)
        } catch (error) {
          const done = `${index} of ${plan.steps.length} steps were done; apply again when it is mended`
          const why = error instanceof Error ? error.message : String(error)
          throw new Failure(`${step.is}: ${why} (${done})`, { cause: error })
        }
      }
      io.stdout.write(`done: ${plan.steps.length} step${plan.steps.length === 1 ? "" : "s"}\n`)
      return 0
    })
  },
}
