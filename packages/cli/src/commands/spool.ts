/** `overdue spool`: the signals that are kept on this machine until a server takes them. */
import { counted } from "@overdue/core/Counted"
import type { Command } from "../Command.ts"
import * as Caught from "../Caught.ts"
import { Failure, UsageError } from "../Failure.ts"
import { flush, timeoutFlag, timeoutOf } from "../Delivery.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as Span from "../Span.ts"
import * as Spool from "../Spool.ts"
import { columnsOf, paint } from "../Style.ts"
import { table } from "../Table.ts"
import type { Column } from "../Table.ts"

const flags = { "network-timeout": timeoutFlag } as const satisfies Flags

export const command: Command = {
  name: "spool",
  usage: ["spool [list | send | clear]"],
  description:
    "Signals that could not be sent are kept on this machine; the next `run` or `ping` sends them.",
  flags,
  details: [
    "  list   list the kept signals, oldest first (the default); of an id, which is a secret, the beginning",
    "  send   send them now; exit code 1 when some are left",
    "  clear  delete them without sending",
    "",
    "They are kept in the directory OVERDUE_SPOOL, by default ~/.local/state/overdue/spool.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const [word = "list", ...surplus] = positionals
    if (surplus.length > 0)
      throw new UsageError(
        `unexpected argument ${JSON.stringify(surplus[0])}: give one of list, send and clear`,
      )
    const folder = Spool.directory(io.environment)
    if (folder === undefined) {
      throw new Failure(
        "this user has no home directory, so no signals are kept; set OVERDUE_SPOOL to a directory",
      )
    }
    const say = (line: string) => void io.stdout.write(`${line}\n`)
    switch (word) {
      case "list": {
        const entries = await entriesIn(folder)
        if (entries.length === 0) say("no signals are kept")
        else
          io.stdout.write(table(entries, columns(Date.now()), { columns: columnsOf(io), paint: paint(io) }))
        return 0
      }
      case "send": {
        await flush(folder, { spool: folder, say, timeout: timeoutOf(given["network-timeout"]) })
        const left = (await entriesIn(folder)).length
        say(
          left === 0
            ? "no signals are kept"
            : `${counted(left, "signal")} could not be sent and will be tried again`,
        )
        return left === 0 ? 0 : 1
      }
      case "clear":
        say(`deleted ${counted(await clearedIn(folder), "signal")}`)
        return 0
    }
    throw new UsageError(`spool takes list, send or clear, not ${JSON.stringify(word)}`)
  },
}

const entriesIn = async (folder: string): Promise<readonly Spool.Entry[]> => {
  try {
    return await Spool.list(folder)
  } catch (error) {
    throw new Failure(`${folder} cannot be read: ${Caught.message(error)}`, { cause: error })
  }
}

const clearedIn = async (folder: string): Promise<number> => {
  try {
    return await Spool.clear(folder)
  } catch (error) {
    throw new Failure(`${folder} cannot be cleared: ${Caught.message(error)}`, { cause: error })
  }
}

const columns = (now: number): readonly Column<Spool.Entry>[] => [
  { title: "SINCE", text: ({ at }) => new Date(at).toISOString() },
  { title: "AGE", text: ({ at }) => Span.print(Math.max(0, now - at)) },
  { title: "SIGNAL", text: ({ kind }) => String(kind) },
  { title: "CHECK", text: ({ url }) => checkOf(new URL(url)), isElastic: true },
  { title: "SERVER", text: ({ url }) => new URL(url).host, isElastic: true },
]

/** A ping URL is a secret: of an id its first eight characters are shown, of a ping key and a slug the slug. */
const checkOf = ({ pathname }: URL): string => {
  const [key = "", slug] = pathname
    .split("/")
    .filter((word) => word !== "" && word !== "ping")
    .slice(-2)
  const isId = (word: string) => /^[0-9a-f]{8}-/i.test(word)
  if (slug !== undefined && !isId(slug)) return slug
  const secret = slug ?? key
  return `${secret.slice(0, Math.min(8, secret.length / 2))}…`
}
