/** overdue keys list */
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { place, projectFlags } from "../../local/Flags.ts"
import * as Show from "../../local/Show.ts"
import { parse } from "../../Flags.ts"

export const command: Command = {
  name: "keys list",
  usage: ["keys list [--project NAME]"],
  description:
    "Lists the API keys of a project by their first characters; what follows those is stored nowhere.",
  flags: projectFlags,

  async run(args, io) {
    const { flags: given, positionals } = parse(projectFlags, args, io.environment)
    if (positionals.length > 0)
      throw new UsageError(`it takes no words, only flags; there is ${positionals[0]}`)
    const { list } = await import("../../local/Keys.ts")
    const keys = await list(place(given, io))
    if (given.json) Show.json(io, keys.map(Show.isoInstants))
    else if (keys.length === 0) io.stdout.write("no keys\n")
    else {
      Show.rows(io, keys, [
        { title: "KEY", text: ({ hint }) => `${hint}…` },
        { title: "ACCESS", text: ({ access }) => access },
        { title: "CREATED (UTC)", text: ({ createdAt }) => Show.instant(createdAt) },
        { title: "ID", text: ({ id }) => id, colour: () => "dim" },
      ])
    }
    return 0
  },
}
