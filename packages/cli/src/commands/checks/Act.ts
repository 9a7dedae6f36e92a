/** Pause and resume: one call of the management API for each of the checks. */
import type { Check, Management } from "@overdue/client/management"
import * as Choice from "../../Choice.ts"
import type { Command } from "../../Command.ts"
import * as Json from "../../Json.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Select from "../../Select.ts"

const flags = { ...Choice.flags, json: Server.jsonFlag, ...Server.flags } as const satisfies Flags

/** What is done to each check, and how it is described. */
export interface Act {
  readonly name: "pause" | "resume"
  /** Printed before the name of each check: `paused`. */
  readonly done: string
  /** Printed before it is done to all checks with a tag: `pausing`. */
  readonly doing: string
  readonly description: string
  /** Which of the checks with a tag it is done to, and what those are; by default all. */
  readonly suits?: { readonly quality: string; readonly test: (check: Check) => boolean }
  readonly call: (api: Management, id: string) => Promise<Check>
}

/** Returns the command. It looks up all checks before it calls the first, so that a misspelt one changes nothing. */
export const act = ({ name, done, doing, description, suits, call }: Act): Command => ({
  name: `checks ${name}`,
  usage: [`checks ${name} CHECK …`, `checks ${name} --tag TAG`],
  description: `${description} CHECK is an id, a slug, or a name.`,
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const which = Choice.which(given.tag, positionals)
    const checks = await Server.use(io, given, async (api) => {
      const chosen = await Choice.find(api, which, suits)
      Choice.announce(io, which, chosen, doing)
      return await Choice.each(chosen, (id) => call(api, id))
    })
    if (given.json) Json.print(io, checks)
    else for (const check of checks) io.stdout.write(`${done} ${Select.title(check)}\n`)
    return 0
  },
})
