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

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Listens for e-mail. Fails with a `Failure` when the port cannot be used. */
export const listen = async (
  services: Context.Context<Services>,
  smtp: Smtp & { readonly pem: Certificate | undefined },
  io: Io,
): Promise<SmtpServer.Listening> => {
  const { listen } = await import("@overdue/server/mail/SmtpServer")
  return Listening.open({ ...smtp, flags: Listening.flags.smtp }, () =>
    listen(services, { ...smtp, certificate: smtp.pem, onMissed: Listening.misses(smtp.host, io) }),
  )
}

/** Returns the certificate that mail is taken with, if any. Fails with a `Failure` when it and its key do not belong together. */
export const certificate = (files: Smtp["certificate"]): Certificate | undefined => {
  if (files === undefined) return undefined
  const pem = { cert: content("--smtp-cert", files.cert), key: content("--smtp-key", files.key) }
  try {
    createSecureContext(pem)
  } catch (error) {
    throw new Failure(
      `${files.cert} and ${files.key} are not a certificate and its key in PEM: ${Caught.message(error)}`,
    )
  }
  return pem
}

const content = (flag: string, file: string): string => {
  try {
    return readFileSync(file, "utf8")
  } catch (error) {
    throw new Failure(`the file of ${flag} cannot be read: ${Caught.message(error)}`)
  }
}
