/** The process that reads messages: a hostile one keeps it busy, or bursts it, and nobody else. */
import * as MailText from "./MailText.ts"

process.on("message", (raw: Uint8Array) => {
  void MailText.read(raw).then((mail) => process.send!(mail))
})

// It goes with the server, which may have messages left to read when somebody stops them both.
process.on("disconnect", () => process.exit())
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined)

// Everything is loaded.
process.send!("ready")
