/** overdue projects list */
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import * as Address from "../../local/Address.ts"
import { databaseFlags } from "../../local/Flags.ts"
import * as Show from "../../local/Show.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"

const flags = {
  "show-ping-keys": { kind: "switch", help: "print ping keys whole, not only their beginning" },
  ...databaseFlags,
} as const satisfies Flags

export const command: Command = {
  name: "projects list",
  usage: ["projects list [--database URL]"],
  description: "Lists the projects of a database.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length > 0)
      throw new UsageError(`it takes no words, only flags; there is ${positionals[0]}`)
    const { list } = await import("../../local/Projects.ts")
    const projects = (await list(Address.parse(given.database))).map((project) => ({
      ...project,
      pingKey: given["show-ping-keys"]
        ? project.pingKey
        : project.pingKey && `${project.pingKey.slice(0, 4)}…`,
    }))
    if (given.json) Show.json(io, projects.map(Show.isoInstants))
    else if (projects.length === 0) io.stdout.write("no projects\n")
    else {
      Show.rows(io, projects, [
        { title: "NAME", text: ({ name }) => name, isElastic: true },
        { title: "CHECKS", text: ({ checks, checkLimit }) => `${checks} of ${checkLimit}` },
        { title: "CHANNELS", text: ({ channels }) => String(channels) },
        { title: "API KEYS", text: ({ keys }) => String(keys) },
        { title: "PING KEY", text: ({ pingKey }) => pingKey ?? "–" },
        { title: "CREATED (UTC)", text: ({ createdAt }) => Show.instant(createdAt) },
        { title: "ID", text: ({ id }) => id, colour: () => "dim" },
      ])
    }
    return 0
  },
}
