/** overdue spool: what waits on this machine to be sent. */
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { flush } from "../Delivery.ts"
import { parse } from "../Flags.ts"
import * as Spool from "../Spool.ts"

export const command: Command = {
  name: "spool",
  usage: ["spool [list | send | clear]"],
  description: "Signals that could not be sent wait on this machine until the next `run` or `ping`.",
  flags: {},
  details: [
    "  list   what waits, oldest first (the default)",
    "  send   send it now; exit code 1 when something is left",
    "  clear  forget it",
    "",
    "It waits in OVERDUE_SPOOL, or in ~/.local/state/overdue/spool.",
  ].join("\n"),

  async run(args, io) {
    const { positionals } = parse({}, args, io.environment)
    const [word = "list", ...surplus] = positionals
    if (surplus.length > 0) throw new UsageError(`one word is enough; there is also ${surplus[0]}`)
    const folder = Spool.directory(io.environment)
    const say = (line: string) => void io.stdout.write(`${line}\n`)
    switch (word) {
      case "list": {
        const entries = await Spool.list(folder)
        for (const { at, kind, url } of entries) {
          // The rest of the address is a secret; its host tells people enough.
          say(`${new Date(at).toISOString()}  ${String(kind).padEnd(7)}  ${new URL(url).host}`)
        }
        if (entries.length === 0) say("nothing waits")
        return 0
      }
      case "send": {
        await flush(folder, { spool: folder, say })
        const left = (await Spool.list(folder)).length
        say(left === 0 ? "nothing waits" : `${left} wait${left === 1 ? "s" : ""} on`)
        return left === 0 ? 0 : 1
      }
      case "clear":
        say(`forgot ${await Spool.clear(folder)}`)
        return 0
    }
    throw new UsageError(`spool takes list, send or clear, not ${word}`)
  },
}
