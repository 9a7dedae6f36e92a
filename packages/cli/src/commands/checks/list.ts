/** overdue checks list */
import { byName, bySeverity, columns, count } from "../../CheckView.ts"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import * as Connection from "../../Connection.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import { paint } from "../../Style.ts"
import { table } from "../../Table.ts"

const flags = {
  tag: { kind: "texts", short: "t", value: "TAG", help: "only checks that carry it; several: all of them" },
  slug: { kind: "text", short: "s", value: "SLUG", help: "only checks with this slug" },
  status: {
    kind: "text",
    value: "STATUS",
    choices: ["new", "up", "grace", "down", "paused"],
    help: "only checks that are",
  },
  sort: { kind: "text", value: "ORDER", choices: ["name", "status"], default: "name", help: "the order" },
  json: Connection.jsonFlag,
  ...Connection.connectionFlags,
} as const satisfies Flags

export const command: Command = {
  name: "checks list",
  usage: ["checks list [--tag TAG …] [--slug SLUG] [--status STATUS]"],
  description: "Lists the checks of the project; ▸ marks a run that is open.",
  flags,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    if (positionals.length > 0)
      throw new UsageError(`it takes no words, only flags; there is ${positionals[0]}`)
    const { tag: tags, slug, status, sort } = given
    const all = await Connection.use(given, (api) =>
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
