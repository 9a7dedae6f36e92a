/** The SMTP port of `overdue serve`: pings by e-mail. */
import { readFileSync } from "node:fs"
import { createSecureContext } from "node:tls"
import type { Services } from "@overdue/server/dialects/Dialect"
import type * as SmtpServer from "@overdue/server/mail/SmtpServer"
import type * as Context from "effect/Context"
import * as Caught from "../Caught.ts"
import { Failure } from "../Failure.ts"
import type { Io } from "../Io.ts"
import type { Smtp } from "./Config.ts"
import * as Listening from "./Listening.ts"

/** Listens for e-mail. Fails with a `Failure` when the certificate or the port cannot be used. */
export const listen = async (
  services: Context.Context<Services>,
  smtp: Smtp,
  io: Io,
): Promise<SmtpServer.Listening> => {
  const certificate = smtp.certificate === undefined ? undefined : pair(smtp.certificate)
  const { listen } = await import("@overdue/server/mail/SmtpServer")
  const flags = { host: "--smtp-host", port: "--smtp-port" }
  return Listening.open({ ...smtp, flags }, () =>
    listen(services, { ...smtp, certificate, onMissed: Listening.misses(smtp.host, io) }),
  )
}

/** Reads a certificate and its key, and tries whether they belong together. */
const pair = (files: NonNullable<Smtp["certificate"]>): { readonly cert: string; readonly key: string } => {
  const certificate = { cert: content("--smtp-cert", files.cert), key: content("--smtp-key", files.key) }
  try {
    createSecureContext(certificate)
  } catch (error) {
    throw new Failure(
      `${files.cert} and ${files.key} are not a certificate and its key in PEM: ${Caught.message(error)}`,
    )
  }
  return certificate
}

const content = (flag: string, file: string): string => {
  try {
    return readFileSync(file, "utf8")
  } catch (error) {
    throw new Failure(`the file of ${flag} cannot be read: ${Caught.message(error)}`)
  }
}
