/** `overdue replay`: the alerts of a check under its own policy beside those under another. */
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import * as Place from "../local/Place.ts"
import * as ReplayFlags from "../local/ReplayFlags.ts"
import * as Show from "../local/Show.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"

const flags = { ...ReplayFlags.flags, ...Place.projectFlags } as const satisfies Flags

export const command: Command = {
  name: "replay",
  usage: ["replay CHECK --grace SPAN …"],
  description:
    "Shows which alerts another policy would have sent. Changes nothing. CHECK is an id, slug or name.",
  flags,
  details: [
    "Examples",
    "  overdue replay backup --grace 2h",
    "  overdue replay backup --schedule '0 3 * * 1-5' --tz Europe/Riga --failures 2",
    "",
    "Replays the stored pings of the check, once with its own policy and once with the other. A project stores",
    "the last 100 pings of each check unless it is set up to keep more. Works on the database itself,",
    "whether or not a server runs on it.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, Arguments.check)
    const changes = ReplayFlags.read(given)
    const { compare } = await import("../local/Past.ts")
    const View = await import("../local/PastView.ts")
    const compared = await compare(Place.read(given, io), words, changes)
    if (given.json) Show.json(io, (await import("../local/PastJson.ts")).comparison(compared))
    else View.comparison(io, compared, ReplayFlags.words(given))
    return 0
  },
}
