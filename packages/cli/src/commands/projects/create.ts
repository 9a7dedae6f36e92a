/** overdue projects create */
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import * as Address from "../../local/Address.ts"
import { databaseFlags, secret } from "../../local/Flags.ts"
import * as Show from "../../local/Show.ts"
import { parse, whole } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"

const flags = {
  "check-limit": { kind: "text", value: "N", help: "checks that it may have", default: "500" },
  "ping-limit": { kind: "text", value: "N", help: "pings that are kept of each check", default: "100" },
  ...databaseFlags,
} as const satisfies Flags

const bounds = { least: 1, most: 1_000_000 }

export const command: Command = {
  name: "projects create",
  usage: ["projects create NAME [--check-limit N] [--ping-limit N]"],
  description: "Makes a project with two API keys and a ping key, and prints them this once.",
  flags,
  details: "Example\n  overdue projects create staging --database sqlite:/var/lib/overdue/overdue.db",

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const [name = "", ...surplus] = positionals
    if (surplus.length > 0) throw new UsageError(`one name is enough, in quotes; there is also ${surplus[0]}`)
    if (name.trim() === "") throw new UsageError("give the project a name")
    if (name.length > 100) throw new UsageError("a name has at most 100 characters")
    const { create } = await import("../../local/Projects.ts")
    const { project, keys } = await create(
      Address.parse(given.database),
      {
        name,
        checkLimit: whole("--check-limit", given["check-limit"], bounds),
        pingLogLimit: whole("--ping-limit", given["ping-limit"], bounds),
      },
      secret(io),
    )
    if (given.json) {
      Show.json(io, { ...Show.isoInstants(project), ...keys })
      return 0
    }
    io.stdout.write(
      [
        `created ${name}; its keys are shown only now`,
        `  API key            ${keys.apiKey}`,
        `  read-only API key  ${keys.apiKeyReadOnly}`,
        `  ping key           ${keys.pingKey}`,
        "",
      ].join("\n"),
    )
    return 0
  },
}
