/** `overdue spool`: the signals that are kept on this machine until a server takes them. */
import { counted } from "../Counted.ts"
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { flush } from "../Delivery.ts"
import { parse } from "../Flags.ts"
import * as Spool from "../Spool.ts"

export const command: Command = {
  name: "spool",
  usage: ["spool [list | send | clear]"],
  description:
    "Signals that could not be sent are kept on this machine; the next `run` or `ping` sends them.",
  flags: {},
  details: [
    "  list   list the kept signals, oldest first (the default)",
    "  send   send them now; exit code 1 when some are left",
    "  clear  delete them without sending",
    "",
    "They are kept in the directory OVERDUE_SPOOL, by default ~/.local/state/overdue/spool.",
  ].join("\n"),

  async run(args, io) {
    const { positionals } = parse({}, args, io.environment)
    const [word = "list", ...surplus] = positionals
    if (surplus.length > 0)
      throw new UsageError(
        `unexpected argument ${JSON.stringify(surplus[0])}: give one of list, send and clear`,
      )
    const folder = Spool.directory(io.environment)
    const say = (line: string) => void io.stdout.write(`${line}\n`)
    switch (word) {
      case "list": {
        const entries = await Spool.list(folder)
        for (const { at, kind, url } of entries) {
          // The rest of a ping URL is a secret.
          say(`${new Date(at).toISOString()}  ${String(kind).padEnd(7)}  ${new URL(url).host}`)
        }
        if (entries.length === 0) say("no signals are kept")
        return 0
      }
      case "send": {
        await flush(folder, { spool: folder, say })
        const left = (await Spool.list(folder)).length
        say(
          left === 0
            ? "no signals are kept"
            : `${counted(left, "signal")} could not be sent and will be tried again`,
        )
        return left === 0 ? 0 : 1
      }
      case "clear":
        say(`deleted ${counted(await Spool.clear(folder), "signal")}`)
        return 0
    }
    throw new UsageError(`spool takes list, send or clear, not ${JSON.stringify(word)}`)
  },
}
