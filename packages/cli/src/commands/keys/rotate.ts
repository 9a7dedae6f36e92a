/** `overdue keys rotate`: a new key in place of an old one, which is refused from then on. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Installation from "../../installation/Installation.ts"
import * as Show from "../../local/Show.ts"

const flags = { yes: yesFlag, ...Installation.projectFlags } as const satisfies Flags

export const command: Command = {
  name: "keys rotate",
  usage: ["keys rotate KEY [--yes]"],
  description: "Creates a key with the same access as KEY, prints it, and revokes KEY.",
  flags,
  details: [
    "KEY is its first characters, its id, or the whole key. To keep the old key for a while, use",
    "`overdue keys create` now and `overdue keys revoke` later.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, Arguments.key)
    const installation = await Installation.open(given, io)
    const { id: project } = await Installation.project(installation, given.project)
    const [old] = await Installation.keys(installation, project, [words])
    const question = `Revoke ${old!.hint}… and create a key in its place?` // safe because one was asked for
    if (!(await confirm(io, given.yes, question))) return 1
    const { id, access, label } = old!
    const made = await installation.createKey(project, { access, label })
    // Before the old one is gone: a new key is known to nobody else, also when the next call fails.
    if (given.json) Show.json(io, Show.isoInstants(made))
    else io.stdout.write(`${made.key}\n`)
    await installation.deleteKey(project, id)
    return 0
  },
}
