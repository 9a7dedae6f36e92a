/** The thread that reads messages: a hostile one keeps it busy, and nobody else. */
import { parentPort } from "node:worker_threads"
import * as MailText from "./MailText.ts"

const port = parentPort!

port.on("message", (raw: Uint8Array) => {
  void MailText.read(raw).then((mail) => port.postMessage(mail))
})

// Ready: everything is loaded.
port.postMessage(undefined)
