/** `overdue channels test`: one test alert, and what became of it. */
import * as Alerting from "../../alerting/Alerting.ts"
import type { Tested } from "../../alerting/Alerting.ts"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Show from "../../local/Show.ts"
import { plain } from "../../Style.ts"

const flags = {
  "allow-private-targets": {
    kind: "switch",
    env: "OVERDUE_ALLOW_PRIVATE_TARGETS",
    help: "without a server: reach loopback and private addresses, as the server may be allowed to",
  },
  ...Alerting.flags,
} as const satisfies Flags

export const command: Command = {
  name: "channels test",
  usage: ["channels test CHANNEL"],
  description: "Sends one alert at once: that a check called TEST is down. CHANNEL is a name or an id.",
  flags,
  details: [
    "The server sends it, when an API key is known and no database is named: what it may reach, and through which",
    "proxy, is then as for real alerts. Without a server, this machine sends it.",
    "",
    "When it is delivered, the channel is taken for one that works again: it is enabled, and told what waits for it and",
    "what is down that it was never told of.",
  ].join("\n"),
  exits: {
    0: "the alert was delivered, or the channel is not set up for alerts of this kind",
    1: "the alert was not delivered: the message says why",
  },

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, Arguments.channel)
    const means = { allowPrivateTargets: given["allow-private-targets"], says: true }
    const alerting = await Alerting.open(given, io, means)
    const [channel] = await Alerting.find(alerting, [words])
    // safe because one was asked for
    const tested = await alerting.test(channel!.id)
    const isFine = tested.result !== "failed"
    if (given.json) Show.json(io, tested)
    else {
      const line = `${plain(channel!.name) || channel!.id}: ${plain(sentence(tested))}\n`
      ;(isFine ? io.stdout : io.stderr).write(line)
    }
    return isFine ? 0 : 1
  },
}

const sentence = ({ result, why }: Tested): string => {
  switch (result) {
    case "delivered":
      return "the test alert was delivered"
    case "skipped":
      return `nothing was sent${why ? `: ${why}` : ""}`
    case "failed":
      return `the test alert was not delivered${why ? `: ${why}` : ""}`
  }
}
