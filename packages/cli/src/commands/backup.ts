/** `overdue backup`: the database and its secret in one file, made while a server uses the database. */
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as Database from "../local/Database.ts"
import * as Place from "../local/Place.ts"
import * as Show from "../local/Show.ts"

const flags = {
  check: { kind: "switch", help: "write nothing, and say whether FILE is a whole backup" },
  force: { kind: "switch", help: "replace FILE when it exists" },
  ...Place.databaseFlags,
} as const satisfies Flags

export const command: Command = {
  name: "backup",
  usage: ["backup FILE [--force]", "backup --check FILE"],
  description:
    "Writes the database and its secret to one file, while the server may run. `overdue restore` takes it.",
  flags,
  details: [
    "Examples",
    '  overdue backup "/var/backups/overdue-$(date +%F).backup" --database sqlite:/var/lib/overdue/overdue.db',
    "  overdue backup --check /var/backups/overdue-2026-11-26.backup",
    "",
    "The file holds the secret: keep it as private as the database. A copy of the database's own file is no",
    "backup while a server runs: most of what is new is in the file beside it, and the secret in a third.",
    "",
    "Exit codes",
    "  0  the backup is written, or whole    1  it is not: the message says why",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const file = Arguments.one(positionals, { noun: "file", by: "its path" })
    const Backup = await import("../local/Backup.ts")
    const content = given.check
      ? Backup.look(file)
      : await Backup.make(Database.parse(given.database, io.environment), file, given.force)
    if (given.json) Show.json(io, Backup.forPrograms(content))
    else {
      const { fingerprint, takenAt } = content
      const doubt =
        fingerprint === undefined
          ? "; no API key was used yet that proves that the secret is the database's own"
          : ""
      const verb = given.check ? `is whole, taken at ${new Date(takenAt).toISOString()}` : "is written"
      io.stdout.write(`${file} ${verb}: ${Backup.sentence(content)}${doubt}\n`)
    }
    return 0
  },
}
