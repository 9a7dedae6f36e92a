/** overdue export: a project as a file that apply reads. */
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import * as Connection from "../Connection.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"

const flags = { ...Connection.connectionFlags } as const satisfies Flags

export const command: Command = {
  name: "export",
  usage: ["export > FILE"],
  description: "Prints the checks and channels of the project as YAML that `overdue apply` reads.",
  flags,
  details: "Values of channels are secrets that the server never tells: a new project needs them added.",

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length > 0)
      throw new UsageError(`it takes no words, only flags; there is ${positionals[0]}`)
    const { print } = await import("../declaration/File.ts")
    const [checks, channels] = await Connection.use(given, (api) =>
      Promise.all([api.checks.list(), api.channels.list()]),
    )
    io.stdout.write(print(checks, channels))
    for (const { name, slug, uuid } of checks) {
      if (name === "" && slug === "") {
        io.stderr.write(`overdue export: ${uuid} has no slug and no name, so apply cannot know it again\n`)
      }
    }
    return 0
  },
}
