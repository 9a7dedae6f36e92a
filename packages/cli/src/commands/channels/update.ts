/** `overdue channels update`: changes where a channel leads, its name, and what it is told. */
import { everything } from "@overdue/core/Channel"
import type { ChannelChange } from "@overdue/client/management"
import * as Alerting from "../../alerting/Alerting.ts"
import * as Setup from "../../alerting/Setup.ts"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Show from "../../local/Show.ts"
import { plain } from "../../Style.ts"
import { equal } from "../../WrittenFields.ts"

const flags = {
  name: { kind: "text", value: "NAME", help: "another name" },
  ...Setup.flags,
  ...Alerting.flags,
} as const satisfies Flags

export const command: Command = {
  name: "channels update",
  usage: ["channels update CHANNEL [--name NAME] [--value JSON|@FILE] [--no-up …]"],
  description: "Changes what is given of a channel, and nothing else. CHANNEL is a name or an id.",
  flags,
  reference: Setup.reference,
  details:
    "A value replaces all settings of the channel. The channel is then taken for one that works: it is enabled, and told\nwhat waits for it and what is down that it was never told of.",

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, Arguments.channel)
    const change = {
      ...(given.name !== undefined && { name: given.name }),
      ...(await Setup.read(given, io)),
    }
    if (Object.keys(change).length === 0) {
      throw new UsageError("nothing is to be changed: give --name, --value, --quiet, --no-up, …")
    }
    const alerting = await Alerting.open(given, io)
    const [found] = await Alerting.find(alerting, [words])
    // safe because one was asked for
    const channel = await alerting.change(found!.id, change)
    if (given.json) Show.json(io, channel)
    else {
      const title = plain(channel.name) || channel.id
      io.stdout.write(isChanged(found!, change) ? `changed ${title}\n` : `${title} is as it was\n`)
    }
    return 0
  },
}

/** What a channel is told whose switches are not shown. */
const defaults = { ...everything, quiet: [] }

/**
 * Whether something becomes different. No server tells the value of a channel, so one that is given counts as new; and one
 * that is disabled or fails is taken for one that works.
 */
const isChanged = (before: Alerting.ChannelRow, { name, value, ...switches }: ChannelChange): boolean =>
  value !== undefined ||
  (before.disabled ?? before.failing_since ?? null) !== null ||
  (name !== undefined && name !== before.name) ||
  Object.entries(switches).some(([key, after]) => {
    const name = key as keyof typeof switches // safe because the switches of a change are those of a channel
    // What is at its default is not shown.
    return !equal(after, before[name] ?? defaults[name])
  })
