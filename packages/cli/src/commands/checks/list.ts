/** `overdue checks list`: the checks of a project as a table, or as JSON. */
import * as Arguments from "../../Arguments.ts"
import { byName, bySeverity, columns, count } from "../../CheckView.ts"
import type { Command } from "../../Command.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import { paint } from "../../Style.ts"
import { table } from "../../Table.ts"

const flags = {
  tag: {
    kind: "texts",
    short: "t",
    value: "TAG",
    help: "only checks with this tag; given several times, with all of them",
  },
  slug: { kind: "text", short: "s", value: "SLUG", help: "only checks with this slug" },
  status: {
    kind: "text",
    value: "STATUS",
    choices: ["new", "up", "grace", "down", "paused"],
    help: "only checks with this status",
  },
  sort: {
    kind: "text",
    value: "ORDER",
    choices: ["name", "status"],
    default: "name",
    help: "order of the list",
  },
  json: Server.jsonFlag,
  ...Server.flags,
} as const satisfies Flags

export const command: Command = {
  name: "checks list",
  usage: ["checks list [--tag TAG …] [--slug SLUG] [--status STATUS]"],
  description: "Lists the checks of the project; ▸ marks a check whose run has started and not ended.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    Arguments.none(positionals)
    const { tag: tags, slug, status, sort } = given
    const all = await Server.use(given, (api) =>
      api.checks.list({ tags, ...(slug !== undefined && { slug }) }),
    )
    const checks = all
      .filter((check) => status === undefined || check.status === status)
      .toSorted(sort === "status" ? bySeverity : byName)
    if (given.json) {
      io.stdout.write(`${JSON.stringify(checks, undefined, 2)}\n`)
    } else if (checks.length === 0) {
      io.stdout.write("no checks\n")
    } else {
      const terminal = io.stdout.isTTY ? io.stdout.columns : undefined
      io.stdout.write(table(checks, columns(Date.now()), { columns: terminal, paint: paint(io) }))
      if (io.stdout.isTTY) io.stdout.write(`\n${count(checks)}\n`)
    }
    return 0
  },
}
