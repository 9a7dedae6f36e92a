/** `overdue keys revoke`: deletes keys; a running server refuses them from the next request on. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Installation from "../../installation/Installation.ts"
import * as InTurn from "../../InTurn.ts"
import * as Show from "../../local/Show.ts"

const flags = { yes: yesFlag, ...Installation.projectFlags } as const satisfies Flags

export const command: Command = {
  name: "keys revoke",
  usage: ["keys revoke KEY … [--yes]"],
  description:
    "Deletes keys; they are refused at once. KEY is its first characters, its id, or the whole key.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.several(positionals, Arguments.key)
    const installation = await Installation.open(given, io)
    const { id: project } = await Installation.project(installation, given.project)
    const keys = await Installation.keys(installation, project, words)
    const hints = keys.map(({ hint }) => `${hint}…`).join(", ")
    if (!(await confirm(io, given.yes, `Revoke ${hints}? Programs that use it are refused at once.`)))
      return 1
    await InTurn.each(keys, "revoked", ({ id }) => installation.deleteKey(project, id))
    if (given.json) Show.json(io, keys.map(Show.isoInstants))
    else io.stdout.write(`revoked ${hints}\n`)
    return 0
  },
}
