/** `overdue export`: the checks and channels of a project as a file for `overdue apply`. */
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import * as Server from "../Server.ts"
import { parse } from "../Flags.ts"

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
    const [checks, channels] = await Server.use(given, (api) =>
      Promise.all([api.checks.list(), api.channels.list()]),
    )
    io.stdout.write(print(checks, channels))
    for (const { name, slug, uuid } of checks) {
      if (name === "" && slug === "") {
        io.stderr.write(
          `overdue export: the check ${uuid} has neither slug nor name, so apply cannot find it again; give it one of them\n`,
        )
      }
    }
    return 0
  },
}
