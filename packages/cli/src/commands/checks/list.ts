/** `overdue checks list`: the checks of a project as a table, or as JSON. */
import * as Choice from "../../Choice.ts"
import * as Arguments from "../../Arguments.ts"
import * as CheckView from "../../CheckView.ts"
import type { Command } from "../../Command.ts"
import * as Json from "../../Json.ts"
import * as Listing from "../../Listing.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import { columnsOf, paint } from "../../Style.ts"
import { table } from "../../Table.ts"

const flags = {
  tag: Choice.tagsFlag,
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
  "exit-code": { kind: "switch", help: "end with 1 when a check is listed, and with 0 when none is" },
  json: { kind: "switch", help: "print the listed checks as JSON: a list, each as the server answered it" },
  ...Server.flags,
} as const satisfies Flags

export const command: Command = {
  name: "checks list",
  usage: ["checks list [--tag TAG …] [--slug SLUG] [--status STATUS] [--exit-code]"],
  description: "Lists the checks of the project; ▸ marks a check whose run has started and not ended.",
  flags,
  details: [
    "Examples",
    "  overdue checks list --status down --exit-code || echo 'something is down'",
    "  overdue checks list --json | jq -r '.[] | select(.channels == \"\") | .name'",
  ].join("\n"),
  exits: {
    0: "the checks are listed; with --exit-code, there are none",
    1: "the server refused or could not be reached; with --exit-code, at least one check is listed",
  },

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    Arguments.none(positionals)
    const { slug, status, sort } = given
    const tags = Choice.tags(given.tag)
    const { checks: all, channels } = await Server.use(io, given, async (api) => {
      const filter = { tags, ...(slug !== undefined && { slug }) }
      // Programs get what the API answers to everybody.
      return given.json
        ? { checks: await api.checks.list(filter), channels: [] }
        : await Listing.load(api, filter)
    })
    const checks = all
      .filter((check) => status === undefined || check.status === status)
      .toSorted(sort === "status" ? CheckView.bySeverity : CheckView.byName)
    if (given.json) {
      Json.print(io, checks)
    } else if (checks.length === 0) {
      io.stdout.write("no checks\n")
    } else {
      const shape = CheckView.columns(checks, Date.now(), channels)
      io.stdout.write(table(checks, shape, { columns: columnsOf(io), paint: paint(io) }))
      if (io.stdout.isTTY) {
        const advice = CheckView.advice(checks, channels)
        io.stdout.write(`\n${CheckView.count(checks)}\n${advice === undefined ? "" : `note: ${advice}\n`}`)
      }
    }
    return given["exit-code"] && checks.length > 0 ? 1 : 0
  },
}
