/** `overdue checks update`: changes the fields of a check that the flags name. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import * as Notes from "../../Notes.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as PolicyFlags from "../../PolicyFlags.ts"
import * as Select from "../../Select.ts"

const flags = {
  ...PolicyFlags.policyFlags,
  restart: {
    kind: "switch",
    help: "expect the next signal as if the last one had come now, whatever else changes",
  },
  json: Server.jsonFlag,
  ...Server.flags,
} as const satisfies Flags

export const command: Command = {
  name: "checks update",
  usage: ["checks update CHECK --FIELD VALUE …"],
  description: "Changes the fields that the flags name, and no others. CHECK is an id, a slug, or a name.",
  flags,
  details: `A changed schedule or time zone counts from now on.\n\n${PolicyFlags.notation}`,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, Arguments.check)
    const policy = PolicyFlags.read(given)
    const changed = [...Object.keys(policy), ...(given.restart ? ["when the next signal is expected"] : [])]
    if (changed.length === 0) throw new UsageError("name at least one field to change, such as --grace 30m")
    const check = await Server.use(given, async (api) => {
      const { uuid = "" } = await Select.one(api, words)
      return await api.checks.update(
        uuid,
        { ...policy, ...(given.restart && { restart: true }) },
        { remarks: true },
      )
    })
    if (!given.json) Notes.print(io, check.remarks)
    io.stdout.write(
      given.json
        ? `${JSON.stringify(check, undefined, 2)}\n`
        : `${Select.title(check)}: changed ${changed.join(", ")}\n`,
    )
    return 0
  },
}
