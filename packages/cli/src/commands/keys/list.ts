/** `overdue keys list`: what is known of a project's keys, none of which is stored in full. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { parse } from "../../Flags.ts"
import * as Place from "../../local/Place.ts"
import * as Show from "../../local/Show.ts"

export const command: Command = {
  name: "keys list",
  usage: ["keys list [--project NAME]"],
  description: "Lists the API keys of a project by their first characters; the rest is not stored.",
  flags: Place.projectFlags,

  async run(args, io) {
    const { flags: given, positionals } = parse(Place.projectFlags, args, io.environment)
    Arguments.none(positionals)
    const { list } = await import("../../local/Keys.ts")
    const keys = await list(Place.read(given, io))
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
