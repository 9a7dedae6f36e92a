/** The worker process that parses messages. A hostile message can stall or crash this process, but not the server. */
import * as MailText from "./MailText.ts"

process.on("message", (raw: Uint8Array) => {
  void MailText.read(raw).then((mail) => process.send!(mail))
})

// Ends with the server, and not by a signal to both: the server may still wait for messages to be parsed.
process.on("disconnect", () => process.exit())
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined)

// All modules are loaded.
process.send!("ready")
