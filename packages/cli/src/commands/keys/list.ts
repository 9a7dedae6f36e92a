/** `overdue keys list`: what is known of a project's keys, none of which is stored in full. */
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import * as Installation from "../../installation/Installation.ts"
import * as Show from "../../local/Show.ts"
import type { Column } from "../../Table.ts"

const label: Column<Installation.KeyRow> = {
  title: "LABEL",
  text: ({ label }) => label || "–",
  isElastic: true,
}

export const command: Command = {
  name: "keys list",
  usage: ["keys list [--project NAME]"],
  description: "Lists the API keys of a project by their first characters; the rest is not stored.",
  flags: Installation.projectFlags,

  async run(args, io) {
    const given = Arguments.flagsAlone(Installation.projectFlags, args, io.environment)
    const installation = await Installation.open(given, io)
    const { id } = await Installation.project(installation, given.project)
    const keys = await installation.keys(id)
    if (given.json) Show.json(io, keys.map(Show.isoInstants))
    else if (keys.length === 0) io.stdout.write("no keys\n")
    else {
      Show.rows(io, keys, [
        { title: "KEY", text: ({ hint }) => `${hint}…` },
        { title: "ACCESS", text: ({ access }) => access },
        ...(keys.some(({ label }) => label !== "") ? [label] : []),
        { title: "CREATED (UTC)", text: ({ createdAt }) => Show.instant(createdAt), rank: 1 },
        { title: "ID", text: ({ id }) => id, colour: () => "dim", rank: 2 },
      ])
    }
    return 0
  },
}
