/** `overdue projects create`: a project with two API keys and a ping key, which are printed this once. */
import * as Limits from "@overdue/core/Limits"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { parse, whole } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as Installation from "../../installation/Installation.ts"
import * as Names from "./Names.ts"
import { plain } from "../../Style.ts"
import * as Show from "../../local/Show.ts"

const flags = {
  "check-limit": {
    kind: "text",
    value: "N",
    help: "how many checks it may have",
    default: String(Limits.checksPerProject),
  },
  "ping-key": { kind: "text", value: "KEY", help: "its ping key; by default it is generated" },
  "ping-limit": {
    kind: "text",
    value: "N",
    help: "how many pings are kept of each check",
    default: String(Limits.pingsPerCheck),
  },
  ...Installation.flags,
} as const satisfies Flags

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
    Names.expectName(name)
    const settings = {
      name,
      checkLimit: whole("--check-limit", given["check-limit"], Names.bounds),
      pingLogLimit: whole("--ping-limit", given["ping-limit"], Names.bounds),
      pingKey: Names.keyOf("--ping-key", given["ping-key"]),
    }
    const installation = await Installation.open(given, io)
    const { project, ...keys } = await installation.createProject(settings)
    if (given.json) {
      Show.json(io, { ...Show.isoInstants(project), ...keys })
      return 0
    }
    io.stdout.write(
      [
        `created ${plain(name)}; its keys are printed only this once`,
        `  API key            ${keys.apiKey}`,
        `  read-only API key  ${keys.apiKeyReadOnly}`,
        `  ping key           ${keys.pingKey}`,
      ].join("\n"),
    )
    return 0
  },
}
