/** `overdue dump`: all that an installation knows, as lines of JSON, taken while a server uses the database. */
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as Database from "../local/Database.ts"

const flags = {
  force: { kind: "switch", help: "replace FILE when it exists" },
  database: Database.flag,
} as const satisfies Flags

export const command: Command = {
  name: "dump",
  usage: ["dump [FILE | -] [--database URL] [--force]"],
  description:
    "Writes all that is in the database to FILE or standard output, while the server may run. `overdue load` takes it.",
  flags,
  details: [
    "Examples",
    "  overdue dump --database sqlite:/var/lib/overdue/overdue.db | gzip > overdue.dump.gz",
    "  overdue dump --database sqlite:old.db | overdue load --database postgres://overdue@db.example.org/overdue",
    "",
    "It is how an installation moves to another database; `overdue backup` keeps one safe. A dump is lines of JSON",
    "with digests, and ends in a line that says how much it has: one that is cut off or changed is noticed.",
    "It is read from one state of the database, and holds up no ping. Of a file of SQLite, that state is a copy in the",
    "folder for temporary files (TMPDIR), which needs as much room as the database has, and is deleted in the end.",
    "",
    "The installation's secret is not in it, and API keys only as digests, but the settings of channels are, such as",
    "tokens, and the ids of checks: keep it as private as the database.",
  ].join("\n"),
  exits: {
    0: "the dump is written",
    1: "it is not, or not all of it: the message on standard error says why",
  },

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const [file = "-", ...others] = positionals
    Arguments.none(others)
    Arguments.any([file], { noun: "file", by: "its path" })
    if (file === "-" && io.stdout.isTTY === true)
      throw new UsageError(
        "a dump is not for a terminal; name a file, or send it on: overdue dump | gzip > FILE",
      )
    const { write } = await import("../moving/Dumping.ts")
    await write(Database.parse(given.database, io.environment), io, { file, isReplacing: given.force })
    return 0
  },
}
