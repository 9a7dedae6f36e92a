/** `overdue projects list`: the projects of a database with their limits, and of ping keys only the beginning. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import type { Flags } from "../../Flags.ts"
import * as Installation from "../../installation/Installation.ts"
import * as Show from "../../local/Show.ts"
import * as Names from "./Names.ts"

const flags = {
  "show-ping-keys": { kind: "switch", help: "print ping keys in full, not only their first characters" },
  ...Installation.flags,
} as const satisfies Flags

export const command: Command = {
  name: "projects list",
  usage: ["projects list [--database URL]"],
  description: "Lists the projects of a database, or of a server.",
  flags,

  async run(args, io) {
    const given = Arguments.flagsAlone(flags, args, io.environment)
    const installation = await Installation.open(given, io)
    const projects = (await installation.projects()).map((project) => ({
      ...project,
      pingKey: given["show-ping-keys"] ? project.pingKey : Names.hintOf(project.pingKey),
    }))
    if (given.json) Show.json(io, projects.map(Show.isoInstants))
    else if (projects.length === 0) io.stdout.write("no projects\n")
    else {
      Show.rows(io, projects, [
        { title: "NAME", text: ({ name }) => name, isElastic: true },
        { title: "CHECKS", text: ({ checks, checkLimit }) => `${checks} of ${checkLimit}` },
        { title: "CHANNELS", text: ({ channels }) => String(channels), rank: 2 },
        { title: "API KEYS", text: ({ keys }) => String(keys), rank: 3 },
        { title: "PING KEY", text: ({ pingKey }) => pingKey ?? "–", rank: 1 },
        { title: "CREATED (UTC)", text: ({ createdAt }) => Show.instant(createdAt), rank: 4 },
        { title: "ID", text: ({ id }) => id, colour: () => "dim", rank: 5 },
      ])
    }
    return 0
  },
}
