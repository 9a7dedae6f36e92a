/** `overdue apply`: brings a project in line with a file, once somebody has seen the changes and confirmed them. */
import type { Command } from "../Command.ts"
import { Failure, UsageError } from "../Failure.ts"
import { confirm, expectAnswer, yesFlag } from "../Confirm.ts"
import * as Healthchecks from "../Healthchecks.ts"
import * as Notes from "../Notes.ts"
import * as Server from "../Server.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import { counted } from "@overdue/core/Counted"
import { paint } from "../Style.ts"

const flags = {
  plan: { kind: "switch", help: "show the changes and make none" },
  prune: { kind: "switch", help: "delete checks and channels that the file does not mention" },
  yes: yesFlag,
  ...Server.flags,
} as const satisfies Flags

export const command: Command = {
  name: "apply",
  usage: ["apply FILE [--plan] [--prune] [--yes]"],
  description:
    "Brings a project in line with a file: shows the changes, asks, and makes them. Repeating it changes nothing.",
  flags,
  details: [
    "FILE is YAML, JSON, or TypeScript with a default export; - is standard input. What it does not mention",
    "stays as it is. Checks are found by id, by slug, or without one by name; channels by name. A check that",
    "is created with an id keeps it, and with it its ping URL (`overdue export --ids`). A file with a",
    "mistake changes nothing. A note says what a check probably does not mean.",
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
  ].join("\n"),
  exits: {
    0: "the project is as the file says",
    1: "a change was refused, or not confirmed",
    3: "with --plan: there are changes to make",
  },

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const [path, ...surplus] = positionals
    if (path === undefined || surplus.length > 0) throw new UsageError("name one file: overdue apply FILE")
    const [File, Declaration, Changeset, ChangesetText, Call] = await Promise.all([
      import("../declaration/File.ts"),
      import("../declaration/Declaration.ts"),
      import("../declaration/Changeset.ts"),
      import("../declaration/ChangesetText.ts"),
      import("../declaration/Call.ts"),
    ])
    const wanted = Declaration.read(await File.load(path, io.stdin))
    return await Server.use(io, given, async (api) => {
      const [checks, channels, isHealthchecks] = await Promise.all([
        api.checks.list(),
        api.channels.list(),
        Healthchecks.isOne(api),
      ])
      const changeset = Changeset.make(
        wanted,
        { checks, channels },
        { prune: given.prune, environment: io.environment, now: Date.now(), isHealthchecks },
      )
      const { changes } = changeset
      const all = counted(changes.length, "change")
      // Whoever cannot be asked is told so, and not after thousands of lines.
      const isSure = given.yes || given.plan || changes.length === 0
      expectAnswer(io, isSure, `${all} to make (--plan lists them): `)
      io.stdout.write(ChangesetText.print(changeset, paint(io)))
      if (isHealthchecks && changes.some(({ is }) => is === "create check"))
        Notes.print(io, [Healthchecks.unarmed])
      if (given.plan) return changes.length === 0 ? 0 : 3
      if (changes.length === 0) return 0
      if (!(await confirm(io, given.yes, `Make ${all}?`))) return 1
      for (const [index, change] of changes.entries()) {
        try {
          await Call.perform(change, api)
        } catch (error) {
          throw new Failure(
            `${Changeset.title(change)}: ${Server.why(error)} (${index} of ${all} made; ` +
              "correct what was refused and apply the file again for the rest)",
            { cause: error },
          )
        }
      }
      io.stdout.write(`made ${all}\n`)
      return 0
    })
  },
}
