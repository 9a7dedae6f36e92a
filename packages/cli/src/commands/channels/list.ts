/** `overdue channels list`: the channels of a project and whether they work, without their secrets. */
import * as Alerting from "../../alerting/Alerting.ts"
import type { ChannelRow } from "../../alerting/Alerting.ts"
import * as Arguments from "../../Arguments.ts"
import { ago } from "../../CheckView.ts"
import type { Command } from "../../Command.ts"
import * as Show from "../../local/Show.ts"
import type { Colour } from "../../Style.ts"

export const command: Command = {
  name: "channels list",
  usage: ["channels list [--project NAME]"],
  description: "Lists the channels of a project, without their values, which hold secrets.",
  flags: Alerting.flags,

  async run(args, io) {
    const given = Arguments.flagsAlone(Alerting.flags, args, io.environment)
    const alerting = await Alerting.open(given, io)
    const channels = await alerting.channels()
    const now = Date.now()
    if (given.json) Show.json(io, channels)
    else if (channels.length === 0) io.stdout.write("no channels\n")
    else {
      Show.rows(io, channels, [
        { title: "NAME", text: ({ name }) => name || "–", isElastic: true },
        { title: "KIND", text: ({ kind }) => kind, rank: 3 },
        {
          title: "STATE",
          text: (channel) => stateOf(channel, now),
          colour: colourOf,
          isElastic: true,
        },
        { title: "WAITING", text: ({ waiting = 0 }) => (waiting === 0 ? "–" : String(waiting)), rank: 1 },
        {
          title: "LAST TOLD",
          text: (channel) => lastToldOf(channel, now),
          rank: 2,
        },
        { title: "CHECKS", text: ({ checks }) => String(checks), rank: 4 },
        { title: "ID", text: ({ id }) => id, colour: () => "dim", rank: 5 },
      ])
    }
    return 0
  },
}

/** What an operator must know first: that nothing gets through, since when, and why. */
const stateOf = ({ disabled, failing_since, last_error }: ChannelRow, now: number): string => {
  // A server of Healthchecks does not tell.
  if (disabled === undefined || failing_since === undefined) return "–"
  if (disabled !== null) return `disabled: ${disabled}`
  if (failing_since === null) return "works"
  const why = last_error ? `: ${last_error.error}` : ""
  return `fails for ${ago(failing_since, now)}${why}`
}

const colourOf = ({ disabled, failing_since }: ChannelRow): Colour | undefined => {
  if (disabled === undefined) return undefined
  return disabled === null && failing_since === null ? "green" : "red"
}

const lastToldOf = ({ last_success }: ChannelRow, now: number): string => {
  if (last_success === undefined) return "–"
  return last_success === null ? "never" : `${ago(last_success, now)} ago`
}
