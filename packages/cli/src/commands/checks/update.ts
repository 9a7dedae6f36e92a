/** overdue checks update */
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import * as Connection from "../../Connection.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as PolicyFlags from "../../PolicyFlags.ts"
import * as Select from "../../Select.ts"

const flags = {
  ...PolicyFlags.policyFlags,
  json: Connection.jsonFlag,
  ...Connection.connectionFlags,
} as const satisfies Flags

export const command: Command = {
  name: "checks update",
  usage: ["checks update CHECK --FIELD VALUE …"],
  description: "Changes what the flags name and nothing else. CHECK is an id, a slug, or a name.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const [words, ...surplus] = positionals
    if (words === undefined || surplus.length > 0) throw new UsageError("name one check, by id, slug or name")
    const policy = PolicyFlags.read(given)
    const changed = Object.keys(policy)
    if (changed.length === 0) throw new UsageError("nothing to change: name a field, such as --grace 30m")
    const check = await Connection.use(given, async (api) => {
      const { uuid = "" } = await Select.one(api, words)
      return await api.checks.update(uuid, policy)
    })
    io.stdout.write(
      given.json
        ? `${JSON.stringify(check, undefined, 2)}\n`
        : `${Select.title(check)}: changed ${changed.join(", ")}\n`,
    )
    return 0
  },
}
