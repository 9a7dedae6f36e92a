/** `overdue backup`: the database and its secret in one file, made while a server uses the database. */
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import { Failure } from "../Failure.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as Database from "../local/Database.ts"
import * as Place from "../local/Place.ts"
import * as Show from "../local/Show.ts"

const flags = {
  check: {
    kind: "switch",
    help: "restore FILE into a temporary folder, read all of it, and say whether it is whole",
  },
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
    "--check reads every record as a server would, and names those that are damaged. Its copy is in the folder for",
    "temporary files (TMPDIR), which needs as much room as FILE has, and is deleted in the end.",
  ].join("\n"),
  exits: {
    0: "the backup is written, or whole",
    1: "it is not, or a record in it is damaged: the message says why",
  },

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const file = Arguments.one(positionals, { noun: "file", by: "its path" })
    const Backup = await import("../local/Backup.ts")
    const { content, damaged } = given.check
      ? await Backup.check(file)
      : { content: await Backup.make(Database.parse(given.database, io.environment), file, given.force) }
    if (given.json) {
      const found = damaged === undefined ? {} : Backup.damageForPrograms(damaged)
      Show.json(io, { ...Backup.forPrograms(content), ...found })
    }
    if (damaged !== undefined && damaged.length > 0) throw new Failure(Backup.complaint(file, damaged))
    if (!given.json) {
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
