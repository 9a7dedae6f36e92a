/** `overdue projects delete`: a project with its checks, channels and keys. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import { counted } from "@overdue/core/Counted"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Installation from "../../installation/Installation.ts"
import * as Show from "../../local/Show.ts"
import { plain } from "../../Style.ts"
import * as Names from "./Names.ts"

const flags = { yes: yesFlag, ...Installation.flags } as const satisfies Flags

export const command: Command = {
  name: "projects delete",
  usage: ["projects delete PROJECT [--yes]"],
  description:
    "Deletes a project with its checks, their history, its channels and its keys. PROJECT is a name or an id.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, { noun: "project", by: "its name or id" })
    const installation = await Installation.open(given, io)
    const project = await Installation.project(installation, words)
    const name = plain(project.name)
    const all = [
      counted(project.checks, "check"),
      counted(project.channels, "channel"),
      counted(project.keys, "API key"),
    ].join(", ")
    if (!(await confirm(io, given.yes, `Delete ${name} with ${all}? It cannot be brought back.`))) return 1
    await installation.deleteProject(project)
    if (given.json) Show.json(io, Show.isoInstants({ ...project, pingKey: Names.hintOf(project.pingKey) }))
    else io.stdout.write(`deleted ${name} with ${all}\n`)
    return 0
  },
}
