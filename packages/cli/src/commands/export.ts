/** `overdue export`: the checks and channels of a project as a file for `overdue apply`. */
import type { Check } from "@overdue/client/management"
import { counted } from "@overdue/core/Counted"
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import * as Listing from "../Listing.ts"
import * as Unmovable from "../moving/Unmovable.ts"
import * as Server from "../Server.ts"
import type { Flags } from "../Flags.ts"
import { plain, plainLines } from "../Style.ts"

const flags = {
  ids: { kind: "switch", help: "with the ids and badge keys, which checks keep on another server" },
  ...Server.flags,
} as const satisfies Flags

export const command: Command = {
  name: "export",
  usage: ["export [--ids] > FILE"],
  description: "Prints the checks and channels of the project as YAML, for `overdue apply`.",
  flags,
  details:
    "The values of channels are secrets that the server never shows: add them before you apply the\n" +
    "file to another project. Without --ids, a check that the file creates gets a new id.\n" +
    "The server may be one of Healthchecks; `overdue import` moves in from there.",

  async run(args, io) {
    const given = Arguments.flagsAlone(flags, args, io.environment)
    const { print } = await import("../declaration/File.ts")
    const { checks, channels } = await Server.use(io, given, async (api) => ({
      checks: await api.checks.list(),
      channels: await Listing.channels(api),
    }))
    const kept = checks.filter((check) => leftOut(check) === undefined)
    const text = print(kept, channels ?? [], given.ids)
    // A terminal would obey what stands in a name; a file has it as it is.
    io.stdout.write(io.stdout.isTTY ? plainLines(text) : text)
    if (channels === undefined) {
      io.stderr.write(
        "overdue export: this key is read-only, so the file has no channels, nor which of them a check tells; " +
          "checks that are applied from it tell those that they tell already\n",
      )
    }
    for (const line of stayed(checks)) io.stderr.write(`overdue export: ${line}\n`)
    if (!given.ids) for (const line of unappliable(kept)) io.stderr.write(`overdue export: ${line}\n`)
    return 0
  },
}

/** Returns why a check is no part of a file; `undefined` when it is one. */
const leftOut = ({ family, probe }: Check): string | undefined => {
  if (family === "server") return `of a server monitor, ${Unmovable.ofServers}`
  return family === "probe" && probe === undefined
    ? "with a probe, which a read-only key may not see"
    : undefined
}

/** Returns a sentence for each reason why checks are left out. */
const stayed = (checks: readonly Check[]): readonly string[] =>
  [...Map.groupBy(checks, leftOut)].flatMap(([why, some]) =>
    why === undefined ? [] : [`left out: ${counted(some.length, "check")} ${why}`],
  )

/** Returns a sentence for each check that apply cannot tell from others in a file without ids. */
const unappliable = (checks: readonly Check[]): readonly string[] => {
  const wordsOf = ({ name, slug }: Check) => (slug === "" ? `name ${plain(name)}` : `slug ${slug}`)
  const nameless = checks.filter(({ name, slug }) => name === "" && slug === "")
  const named = checks.filter(({ name, slug }) => name !== "" || slug !== "")
  const twice = named.map(wordsOf).filter((words, index, all) => all.indexOf(words) < index)
  return [
    ...nameless.map(
      ({ uuid, unique_key }) =>
        `the check ${uuid ?? unique_key} has neither slug nor name, so apply cannot find it again; give it one of them, or export with --ids`,
    ),
    ...[...new Set(twice)].map(
      (words) => `several checks have the ${words}, so apply cannot tell them apart; export with --ids`,
    ),
  ]
}
