/** `overdue channels list`: the channels of a project and whether they work, without their secrets. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { parse } from "../../Flags.ts"
import * as Place from "../../local/Place.ts"
import * as Show from "../../local/Show.ts"

export const command: Command = {
  name: "channels list",
  usage: ["channels list [--project NAME]"],
  description: "Lists the channels of a project, without their values, which hold secrets.",
  flags: Place.projectFlags,

  async run(args, io) {
    const { flags: given, positionals } = parse(Place.projectFlags, args, io.environment)
    Arguments.none(positionals)
    const { list } = await import("../../local/Channels.ts")
    const channels = await list(Place.read(given, io))
    if (given.json) Show.json(io, channels.map(Show.isoInstants))
    else if (channels.length === 0) io.stdout.write("no channels\n")
    else {
      Show.rows(io, channels, [
        { title: "NAME", text: ({ name }) => name || "–", isElastic: true },
        { title: "KIND", text: ({ kind }) => kind },
        {
          title: "STATE",
          text: ({ disabled }) => (disabled === undefined ? "works" : `disabled: ${disabled}`),
          colour: ({ disabled }) => (disabled === undefined ? "green" : "red"),
          isElastic: true,
        },
        { title: "CHECKS", text: ({ checks }) => String(checks) },
        { title: "CREATED (UTC)", text: ({ createdAt }) => Show.instant(createdAt) },
        { title: "ID", text: ({ id }) => id, colour: () => "dim" },
      ])
    }
    return 0
  },
}
