/** `overdue unsnooze`: ends the silence of checks. */
import type { Command } from "../Command.ts"
import { counted } from "@overdue/core/Counted"
import { parse } from "../Flags.ts"
import * as Json from "../Json.ts"
import * as Select from "../Select.ts"
import * as Server from "../Server.ts"
import * as Silent from "../Silent.ts"

export const command: Command = {
  name: "unsnooze",
  usage: ["unsnooze CHECK …", "unsnooze --tag TAG", "unsnooze --all"],
  description: "Ends the silence of checks; what is down is told now. CHECK is an id, a slug, or a name.",
  flags: Silent.flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(Silent.flags, args, io.environment)
    const which = Silent.which(given, positionals)
    const done = await Server.use(
      io,
      given,
      (api) =>
        Silent.perform(api, which, {
          one: (api, id) => api.checks.endSilence(id),
          many: (api, filter) => api.checks.endSilenceOfAll(filter),
        }),
      { lacks: Silent.lacks },
    )
    if (given.json) Json.print(io, done)
    else if ("silenced_until" in done)
      io.stdout.write(`ended the silence of ${counted(done.checks, "check")}\n`)
    else for (const check of done) io.stdout.write(`ended the silence of ${Select.title(check)}\n`)
    return 0
  },
}
