/** `overdue channels test`: one test alert, and what became of it. */
import type { Verdict } from "@overdue/core/Notifier"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Place from "../../local/Place.ts"
import * as Show from "../../local/Show.ts"
import { plain } from "../../Style.ts"

const flags = {
  "allow-private-targets": {
    kind: "switch",
    env: "OVERDUE_ALLOW_PRIVATE_TARGETS",
    help: "let channels reach loopback and private addresses, as the server may be allowed to",
  },
  ...Place.projectFlags,
} as const satisfies Flags

export const command: Command = {
  name: "channels test",
  usage: ["channels test CHANNEL"],
  description: "Sends one alert at once: that a check called TEST is down. CHANNEL is a name or an id.",
  flags,
  details: [
    "A disabled channel that delivers the alert is enabled again.",
    "",
    "Exit codes",
    "  0  the alert was delivered, or the channel is not set up for alerts of this kind",
    "  1  the alert was not delivered: the message says why",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, Arguments.channel)
    const { find, test } = await import("../../local/Channels.ts")
    const where = Place.read(given, io)
    const [channel] = await find(where, [words])
    // safe because one was asked for
    const verdict = await test(where, channel!, { allowPrivateTargets: given["allow-private-targets"] })
    const isFine = verdict.type === "delivered" || verdict.type === "skipped"
    if (given.json) Show.json(io, verdict)
    else {
      const line = `${plain(channel!.name)}: ${sentence(verdict)}\n`
      ;(isFine ? io.stdout : io.stderr).write(line)
    }
    return isFine ? 0 : 1
  },
}

const sentence = (verdict: Verdict): string => {
  switch (verdict.type) {
    case "delivered":
      return "the test alert was delivered"
    case "skipped":
      return "nothing was sent: the channel is not set up for alerts that a check is down"
    case "retry":
      return `the test alert was not delivered: ${verdict.why}. A real alert would be sent again`
    case "refused":
      return `the test alert was not delivered: ${verdict.why}. A real alert would not be sent again`
    case "permanent":
      return `the test alert was not delivered: ${verdict.why}. The channel is disabled when that stays so for an hour`
  }
}
