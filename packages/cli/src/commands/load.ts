/** `overdue load`: a database with what a dump holds. */
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as Database from "../local/Database.ts"
import * as Place from "../local/Place.ts"

const flags = {
  replace: {
    kind: "switch",
    help: "replace another installation in the database, or what a server took since",
  },
  ...Place.databaseFlags,
} as const satisfies Flags

export const command: Command = {
  name: "load",
  usage: ["load [FILE | -] [--database URL] [--replace]"],
  description: "Makes a database hold what `overdue dump` wrote to FILE, or writes to standard input.",
  flags,
  details: [
    "Examples",
    "  overdue load overdue.dump --database sqlite:/var/lib/overdue/overdue.db",
    "  overdue dump --database sqlite:old.db | overdue load --database postgres://overdue@db.example.org/overdue",
    "",
    "The database is a new one, one whose load was cut off, or one that was loaded from the same installation and that",
    "no server has run on since: what is there already is compared, and only the rest is written. So a load that is run",
    "again goes on, and one of a later dump brings what is new. Until all is there and verified, nothing else opens the",
    "database; no server may run on it.",
    "",
    "The secret is in no dump: set OVERDUE_SECRET, which PostgreSQL needs, or put the file of the old database beside the",
    "new one (FILE.secret). Another secret than the dump's is refused.",
    "",
    "Time from the dump to the first start of the new server counts as time in which nobody was awake: no check is",
    "said to be late for it. Alerts that were being sent are sent by the new server, once their leases are over.",
  ].join("\n"),
  exits: {
    0: "the database holds what the dump holds: each table was read again and compared",
    1: "it does not: the message on standard error says why, and nothing else opens the database if it was changed",
  },

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const [file = "-", ...others] = positionals
    Arguments.none(others)
    Arguments.any([file], { noun: "file", by: "its path" })
    if (file === "-" && io.stdin.isTTY === true)
      throw new UsageError("a dump is not typed; name a file, or send one: gunzip < FILE | overdue load")
    const { read } = await import("../moving/Dumped.ts")
    await read(Database.parse(given.database, io.environment), io, {
      file,
      isReplacing: given.replace,
      isForPrograms: given.json,
    })
    return 0
  },
}
