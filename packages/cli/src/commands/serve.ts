/** `overdue serve`: the engine, its database, and the ports that it listens on, until a signal stops it. */
import * as Config from "../serve/Config.ts"
import type { Command } from "../Command.ts"

export const command: Command = {
  name: "serve",
  usage: ["serve [--host HOST] [--port PORT] [--database URL] [flags]"],
  description: "Runs the server: the ping API and the management API over one database.",
  flags: Config.flags,
  details: Config.details,
  exits: {
    0: "stopped by SIGTERM or SIGINT, after it has finished the requests in flight",
    1: "it could not start: the message on standard error says why",
  },

  async run(args, io) {
    const config = Config.parse(args, io.environment)
    const { run } = await import("../serve/Serve.ts")
    return run(config, io)
  },
}
