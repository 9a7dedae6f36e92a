/** `overdue projects set`: the name, the limits and the ping key of a project. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { parse, whole } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Installation from "../../installation/Installation.ts"
import * as Show from "../../local/Show.ts"
import { plain } from "../../Style.ts"
import * as Names from "./Names.ts"

const flags = {
  name: { kind: "text", value: "NAME", help: "the new name" },
  "check-limit": { kind: "text", value: "N", help: "how many checks it may have" },
  "ping-limit": { kind: "text", value: "N", help: "how many pings are kept of each check" },
  "ping-key": { kind: "text", value: "KEY", help: "the ping key; URLs with the one before stop working" },
  "rotate-ping-key": { kind: "switch", help: "make a new ping key; URLs with the one before stop working" },
  "badge-key": { kind: "text", value: "KEY", help: "the key in the addresses of badges by tag" },
  ...Installation.flags,
} as const satisfies Flags

export const command: Command = {
  name: "projects set",
  usage: ["projects set PROJECT [--name NAME] [--check-limit N] [--ping-limit N] [--rotate-ping-key]"],
  description: "Changes what is given of a project. PROJECT is a name or an id.",
  flags,
  details: "Example\n  overdue projects set default --check-limit 20000",

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, { noun: "project", by: "its name or id" })
    const { name, "rotate-ping-key": rotatesPingKey } = given
    if (name !== undefined) Names.expectName(name)
    const settings = {
      name,
      checkLimit: whole("--check-limit", given["check-limit"], Names.bounds),
      pingLogLimit: whole("--ping-limit", given["ping-limit"], Names.bounds),
      pingKey: Names.keyOf("--ping-key", given["ping-key"]),
      badgeKey: Names.keyOf("--badge-key", given["badge-key"]),
    }
    if (settings.pingKey !== undefined && rotatesPingKey)
      throw new UsageError("--ping-key and --rotate-ping-key both choose a ping key: give one of them")
    if (!rotatesPingKey && Object.values(settings).every((value) => value === undefined))
      throw new UsageError("nothing is to be changed: give a name, a limit or a ping key")
    const installation = await Installation.open(given, io)
    const { id } = await Installation.project(installation, words)
    const project = await installation.updateProject(id, { ...settings, rotatesPingKey })
    if (given.json) {
      const pingKey = rotatesPingKey ? project.pingKey : Names.hintOf(project.pingKey)
      Show.json(io, Show.isoInstants({ ...project, pingKey }))
    } else {
      const { checks, checkLimit, pingLogLimit, pingKey } = project
      const lines = [
        `${plain(project.name)} has ${checks} of ${checkLimit} checks, and keeps ${pingLogLimit} pings of each`,
        ...(rotatesPingKey ? [`  ping key  ${pingKey}`] : []),
      ]
      io.stdout.write(`${lines.join("\n")}\n`)
    }
    return 0
  },
}
