/** `overdue keys create`: an API key, printed this once and alone, for scripts. */
import { apiKey, broughtKey } from "@overdue/core/Project"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import type { Flags } from "../../Flags.ts"
import * as Installation from "../../installation/Installation.ts"
import type { Environment } from "../../Io.ts"
import * as Show from "../../local/Show.ts"
import * as Names from "../projects/Names.ts"

const flags = {
  "read-only": {
    kind: "switch",
    help: "create a key that can read everything and change nothing; see the README for the ids that it sees",
  },
  label: { kind: "text", value: "TEXT", help: "what people call the key" },
  from: {
    kind: "text",
    value: "VARIABLE",
    help: `take the key from this environment variable: ${broughtKey.words}; by default it is generated`,
  },
  ...Installation.projectFlags,
} as const satisfies Flags

export const command: Command = {
  name: "keys create",
  usage: ["keys create [--read-only] [--label TEXT] [--from VARIABLE] [--project NAME]"],
  description: "Creates an API key and prints it: it cannot be read again later.",
  flags,
  details: "Nothing but the key is printed, for scripts: KEY=$(overdue keys create).",

  async run(args, io) {
    const given = Arguments.flagsAlone(flags, args, io.environment)
    if (given.label !== undefined) Names.expectText("the label of a key", given.label)
    const key = chosen(given.from, io.environment)
    const installation = await Installation.open(given, io)
    const { id } = await Installation.project(installation, given.project)
    const access = given["read-only"] ? "read-only" : "read-write"
    if (key !== undefined && !apiKey.pattern.test(key))
      io.stderr.write(
        `overdue keys create: clients of Healthchecks cannot use this key, which must have ${apiKey.words} there\n`,
      )
    const made = await installation.createKey(id, { access, label: given.label ?? "", key })
    if (given.json) Show.json(io, Show.isoInstants(made))
    else io.stdout.write(`${made.key}\n`)
    return 0
  },
}

/** Returns the key in an environment variable. It is a secret, and no message repeats it. */
const chosen = (variable: string | undefined, environment: Environment): string | undefined => {
  if (variable === undefined) return undefined
  const key = Object.hasOwn(environment, variable) ? environment[variable] : undefined
  if (key !== undefined && broughtKey.pattern.test(key)) return key
  throw new UsageError(`the environment variable ${variable} must hold a key: ${broughtKey.words}`)
}
