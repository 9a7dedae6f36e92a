/** overdue channels test */
import type { Verdict } from "@overdue/core/Notifier"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { place, projectFlags } from "../../local/Flags.ts"
import * as Show from "../../local/Show.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import { plain } from "../../Style.ts"

const flags = {
  "allow-private-targets": {
    kind: "switch",
    env: "OVERDUE_ALLOW_PRIVATE_TARGETS",
    help: "let it reach loopback and private addresses, as the server may be told to",
  },
  ...projectFlags,
} as const satisfies Flags

export const command: Command = {
  name: "channels test",
  usage: ["channels test CHANNEL"],
  description: "Tells a channel, once and at once, that a check TEST is down. CHANNEL is a name or an id.",
  flags,
  details: [
    "One that was disabled and works is put to work again.",
    "",
    "Exit codes",
    "  0  it was told, or wants no such alert",
    "  1  it could not be told: the sentence says why",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length !== 1) throw new UsageError("name one channel, by name or id")
    const { find, test } = await import("../../local/Channels.ts")
    const where = place(given, io)
    const [channel] = await find(where, positionals)
    const verdict = await test(where, channel!, { allowPrivateTargets: given["allow-private-targets"] })
    const isTold = verdict.type === "delivered" || verdict.type === "skipped"
    if (given.json) Show.json(io, verdict)
    else {
      const said = `${plain(channel!.name)}: ${sentence(verdict)}\n`
      ;(isTold ? io.stdout : io.stderr).write(said)
    }
    return isTold ? 0 : 1
  },
}

const sentence = (verdict: Verdict): string => {
  switch (verdict.type) {
    case "delivered":
      return "told"
    case "skipped":
      return "it wants no such alert"
    case "retry":
      return `not now: ${verdict.why}; a real alert would be tried again`
    case "permanent":
      return `never like this: ${verdict.why}; a real alert would disable it`
  }
}
