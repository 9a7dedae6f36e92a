/** `overdue restore`: the database of a backup, with its secret beside it. */
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as Database from "../local/Database.ts"
import * as Place from "../local/Place.ts"
import * as Show from "../local/Show.ts"

const flags = {
  force: { kind: "switch", help: "replace the database when there is one; no server may have it open" },
  ...Place.databaseFlags,
} as const satisfies Flags

export const command: Command = {
  name: "restore",
  usage: ["restore FILE [--database URL] [--force]"],
  description:
    "Makes the database that `overdue backup` wrote to FILE, and the file with its secret beside it.",
  flags,
  details: [
    "Example",
    "  overdue restore overdue-2026-11-26.backup --database sqlite:/var/lib/overdue/overdue.db",
    "",
    "The backup is checked first; one that is not whole changes nothing.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const file = Arguments.one(positionals, { noun: "file", by: "its path" })
    const database = Database.parse(given.database, io.environment)
    const Backup = await import("../local/Backup.ts")
    const content = Backup.restore(file, database, given.force)
    if (given.json) Show.json(io, { database: database.file, ...Backup.forPrograms(content) })
    else io.stdout.write(`${database.file} is restored: ${Backup.sentence(content)}\n`)
    return 0
  },
}
