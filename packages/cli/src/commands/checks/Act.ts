/** Pause, resume and delete: one call for each of the named checks. */
import type { Check, Management } from "@overdue/client/management"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import * as Connection from "../../Connection.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Select from "../../Select.ts"

const flags = { json: Connection.jsonFlag, ...Connection.connectionFlags } as const satisfies Flags

export interface Act {
  readonly name: "pause" | "resume"
  readonly done: string
  readonly description: string
  readonly call: (api: Management, id: string) => Promise<Check>
}

/** All are looked up before the first is touched, so that a misspelt one changes nothing. */
export const act = ({ name, done, description, call }: Act): Command => ({
  name: `checks ${name}`,
  usage: [`checks ${name} CHECK …`],
  description: `${description} CHECK is an id, a slug, or a name.`,
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length === 0) throw new UsageError("name a check, by id, slug or name")
    const checks = await Connection.use(given, async (api) => {
      const chosen: Check[] = []
      for (const words of positionals) chosen.push(await Select.one(api, words))
      const after: Check[] = []
      for (const { uuid = "" } of chosen) after.push(await call(api, uuid))
      return after
    })
    io.stdout.write(
      given.json
        ? `${JSON.stringify(checks, undefined, 2)}\n`
        : checks.map((check) => `${done} ${Select.title(check)}\n`).join(""),
    )
    return 0
  },
})
