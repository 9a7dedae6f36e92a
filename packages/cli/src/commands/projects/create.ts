/** `overdue projects create`: a project with two API keys and a ping key, which are printed this once. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import { parse, whole } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Database from "../../local/Database.ts"
import * as Place from "../../local/Place.ts"
import * as Show from "../../local/Show.ts"

const flags = {
  "check-limit": { kind: "text", value: "N", help: "how many checks it may have", default: "500" },
  "ping-limit": { kind: "text", value: "N", help: "how many pings are kept of each check", default: "100" },
  ...Place.databaseFlags,
} as const satisfies Flags

const bounds = { least: 1, most: 1_000_000 }

export const command: Command = {
  name: "projects create",
  usage: ["projects create NAME [--check-limit N] [--ping-limit N]"],
  description:
    "Creates a project with two API keys and a ping key, and prints the keys: they cannot be read again later.",
  flags,
  details: "Example\n  overdue projects create staging --database sqlite:/var/lib/overdue/overdue.db",

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const name = Arguments.one(positionals, { noun: "project", by: "a name of its own" })
    if (name.trim() === "") throw new UsageError("the name of a project cannot be empty")
    if (name.length > 100) throw new UsageError("the name of a project has at most 100 characters")
    const { create } = await import("../../local/Projects.ts")
    const { project, keys } = await create(Database.parse(given.database, io.environment), {
      name,
      checkLimit: whole("--check-limit", given["check-limit"], bounds),
      pingLogLimit: whole("--ping-limit", given["ping-limit"], bounds),
    })
    if (given.json) {
      Show.json(io, { ...Show.isoInstants(project), ...keys })
      return 0
    }
    io.stdout.write(
      [
        `created ${name}; its keys are printed only this once`,
        `  API key            ${keys.apiKey}`,
        `  read-only API key  ${keys.apiKeyReadOnly}`,
        `  ping key           ${keys.pingKey}`,
        "",
      ].join("\n"),
    )
    return 0
  },
}
