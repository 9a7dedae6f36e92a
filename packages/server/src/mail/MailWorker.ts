/** The worker process that parses messages and searches them. A hostile message can stall or crash this process, but not the server. */
import * as Mail from "./Mail.ts"
import type { Order } from "./MailWorkers.ts"
import * as MailText from "./MailText.ts"

process.on("message", ({ raw, keywords, isPlain }: Order) => {
  const read = isPlain ? Promise.resolve(Mail.unread(raw)) : MailText.read(raw)
  void read.then((mail) => process.send!(Mail.condensed(mail, keywords)))
})

// Ends with the server, and not by a signal to both: the server may still wait for messages to be parsed.
process.on("disconnect", () => process.exit())
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined)

// All modules are loaded.
process.send!("ready")
