/** overdue replay: what would have been told with another policy. */
import type { Command } from "../Command.ts"
import { oneCheck, place, projectFlags } from "../local/Flags.ts"
import * as PolicyFlags from "../local/PolicyFlags.ts"
import * as Show from "../local/Show.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"

const flags = { ...PolicyFlags.policyFlags, ...projectFlags } as const satisfies Flags

export const command: Command = {
  name: "replay",
  usage: ["replay CHECK --grace SPAN …"],
  description:
    "Shows what another policy would have told of a check. Changes nothing. CHECK is an id, slug or name.",
  flags,
  details: [
    "Examples",
    "  overdue replay backup --grace 2h",
    "  overdue replay backup --schedule '0 3 * * 1-5' --tz Europe/Riga --failures 2",
    "",
    "Goes through the pings as they came, once with the check's own policy and once with the other.",
    "It goes by those that are kept: 100 of each check unless its project keeps more. It works on the",
    "database itself, with or without a server that serves from it.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = oneCheck(positionals)
    const changes = PolicyFlags.read(given)
    const { compare } = await import("../local/Past.ts")
    const View = await import("../local/PastView.ts")
    const compared = await compare(place(given, io), words, changes)
    if (given.json) Show.json(io, (await import("../local/PastJson.ts")).comparison(compared))
    else View.comparison(io, compared, PolicyFlags.words(given))
    return 0
  },
}
