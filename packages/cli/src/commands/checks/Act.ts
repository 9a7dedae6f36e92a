/** Pause and resume: one call of the management API for each of the named checks. */
import type { Check, Management } from "@overdue/client/management"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Select from "../../Select.ts"

const flags = { json: Server.jsonFlag, ...Server.flags } as const satisfies Flags

/** What is done to each check, and how it is described. */
export interface Act {
  readonly name: "pause" | "resume"
  /** Printed before the name of each check: `paused`. */
  readonly done: string
  readonly description: string
  readonly call: (api: Management, id: string) => Promise<Check>
}

/** Returns the command. It looks up all checks before it calls the first, so that a misspelt one changes nothing. */
export const act = ({ name, done, description, call }: Act): Command => ({
  name: `checks ${name}`,
  usage: [`checks ${name} CHECK …`],
  description: `${description} CHECK is an id, a slug, or a name.`,
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const named = Arguments.several(positionals, Arguments.check)
    const checks = await Server.use(given, async (api) => {
      const chosen: Check[] = []
      for (const words of named) chosen.push(await Select.one(api, words))
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
