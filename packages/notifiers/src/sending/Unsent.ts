/** Reasons why a request got no response, as sentences that may be logged and shown: no URL, no header, no body. */
import * as Schema from "effect/Schema"

/** A request got no response. `permanent`: no other attempt can work either. */
export class Unsent extends Schema.TaggedError<Unsent>()("Unsent", {
  why: Schema.String,
  permanent: Schema.Boolean,
}) {
  override get message(): string {
    return this.why
  }
}

/** Returns the error of an attempt after which another one may work. */
export const forNow = (why: string): Unsent => new Unsent({ why, permanent: false })

/** Returns the error of an attempt after which no other one can work. */
export const forGood = (why: string): Unsent => new Unsent({ why, permanent: true })

/**
 * Returns the error for one that Node reports about a name resolution, a connection or an exchange. Only its code is
 * told, because its message may quote the target.
 */
export const ofError = (cause: unknown): Unsent => {
  const code = codeOf(cause)
  if (code === undefined) return forNow("the request failed")
  if (Object.hasOwn(sentences, code)) return forNow(`${sentences[code]} (${code})`)
  return forNow(
    /CERT|TLS|SSL|EPROTO/.test(code) ? `the TLS handshake failed (${code})` : `the request failed (${code})`,
  )
}

const sentences: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host name could not be resolved",
  EAI_AGAIN: "the host name could not be resolved for now",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was closed before an answer came",
  EPIPE: "the connection was closed before an answer came",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  HPE_HEADER_OVERFLOW: "the answer's headers are too long",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate belongs to another host",
  CERT_HAS_EXPIRED: "the certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the certificate is signed by an unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate is signed by an unknown authority",
}

const codeOf = (cause: unknown): string | undefined =>
  typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string"
    ? cause.code
    : undefined
