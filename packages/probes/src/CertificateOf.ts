/** The certificate that a target shows, and why it is not trusted, in words. */
import type { X509Certificate } from "node:crypto"
import type { TLSSocket } from "node:tls"
import type { Certificate } from "@overdue/core/Probe"
import * as Excerpt from "@overdue/core/probe/Excerpt"
import type { Instant } from "@overdue/core/Time"

/** Returns what a socket whose handshake is done has seen of its peer. */
export const socket = (encrypted: TLSSocket, host: string): Certificate => {
  const shown = encrypted.getPeerX509Certificate()
  // Its type says Error, and it is the code of one.
  const code: unknown = encrypted.authorized ? undefined : encrypted.authorizationError
  return {
    host,
    issuer: named(shown?.issuer),
    subject: named(shown?.subject),
    validFrom: at(shown, "validFromDate"),
    validTo: at(shown, "validToDate"),
    ...(encrypted.authorized ? {} : { error: wordsOf(String(code)) }),
  }
}

const at = (shown: X509Certificate | undefined, end: "validFromDate" | "validToDate"): Instant =>
  shown?.[end].getTime() ?? 0

/** A name as one line: `C=US, O=Example, CN=example.org`. */
const named = (lines: string | undefined): string =>
  (lines ?? "")
    .split("\n")
    .slice(0, 8)
    .map((line) => Excerpt.of(line))
    .join(", ")

const words: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not yet valid",
  DEPTH_ZERO_SELF_SIGNED_CERT: "self-signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "of another host",
  SELF_SIGNED_CERT_IN_CHAIN: "of an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT: "of an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "of an unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "of an unknown authority",
}

const wordsOf = (code: string): string =>
  `certificate ${Object.hasOwn(words, code) ? words[code] : `not trusted (${Excerpt.of(code)})`}`
