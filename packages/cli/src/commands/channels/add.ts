/** `overdue channels add`: a channel, whose value comes from the command line, a file or standard input. */
import * as Alerting from "../../alerting/Alerting.ts"
import * as Setup from "../../alerting/Setup.ts"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Show from "../../local/Show.ts"
import { plain } from "../../Style.ts"

const flags = { ...Setup.flags, ...Alerting.flags } as const satisfies Flags

export const command: Command = {
  name: "channels add",
  usage: ["channels add KIND NAME --value JSON|@FILE"],
  description: "Adds a channel. A wrong value is refused, and the message names the wrong field.",
  flags,
  reference: Setup.reference,
  details: [
    "Example",
    '  overdue channels add webhook ops --value \'{"url_down":"https://ops.example.org/down","method_down":"POST"}\'',
    "",
    "Other users of this machine can see a value on the command line: keep secrets in a file.",
    "No check uses a new channel yet: `overdue checks update CHECK --channels '*'` gives a check all of them.",
    "A new channel is told everything, at any hour.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const [kind, name, ...surplus] = positionals
    if (kind === undefined || name === undefined) {
      throw new UsageError("name the kind of the channel and the channel: channels add webhook ops --value …")
    }
    if (surplus.length > 0) {
      throw new UsageError(
        `unexpected argument ${JSON.stringify(surplus[0])}: this command takes a kind and one name`,
      )
    }
    Arguments.any(positionals, Arguments.channel)
    if (given.value === undefined) {
      throw new UsageError("the channel needs its settings: add --value JSON or --value @FILE")
    }
    const { value, ...switches } = await Setup.read(given, io)
    const alerting = await Alerting.open(given, io)
    const channel = await alerting.add({ kind, name, value, ...switches })
    if (given.json) Show.json(io, channel)
    else io.stdout.write(`added ${plain(name)}\n  id  ${channel.id}\n`)
    return 0
  },
}
