/** `overdue export`: the checks and channels of a project as a file for `overdue apply`. */
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import * as Listing from "../Listing.ts"
import * as Server from "../Server.ts"
import { parse } from "../Flags.ts"
import { plainLines } from "../Style.ts"

export const command: Command = {
  name: "export",
  usage: ["export > FILE"],
  description: "Prints the checks and channels of the project as YAML, for `overdue apply`.",
  flags: Server.flags,
  details:
    "The values of channels are secrets that the server never shows: add them before you apply the\n" +
    "file to another project.",

  async run(args, io) {
    const { flags: given, positionals } = parse(Server.flags, args, io.environment)
    Arguments.none(positionals)
    const { print } = await import("../declaration/File.ts")
    const { checks, channels } = await Server.use(given, async (api) => ({
      checks: await api.checks.list(),
      channels: await Listing.channels(api),
    }))
    const text = print(checks, channels ?? [])
    // A terminal would obey what stands in a name; a file has it as it is.
    io.stdout.write(io.stdout.isTTY ? plainLines(text) : text)
    if (channels === undefined) {
      io.stderr.write(
        "overdue export: this key is read-only, so the file has no channels, nor which of them a check tells; " +
          "checks that are applied from it tell those that they tell already\n",
      )
    }
    for (const { name, slug, uuid, unique_key } of checks) {
      if (name === "" && slug === "") {
        io.stderr.write(
          `overdue export: the check ${uuid ?? unique_key} has neither slug nor name, so apply cannot find it again; give it one of them\n`,
        )
      }
    }
    return 0
  },
}
