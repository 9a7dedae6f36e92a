/** Why a target was not reached: reasons in a few words, which name no URL, no header and no secret. */
import * as Excerpt from "@overdue/core/probe/Excerpt"
import * as Limits from "./Limits.ts"

/** The target has failed. */
export class Failure extends Error {
  /** In a few words: `connection refused`. */
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.reason = reason.slice(0, Limits.reason)
  }
}

/** Nothing can be said of the target: the fault is here. */
export class Unknown extends Error {
  /** A sentence for the log. */
  readonly why: string

  constructor(why: string) {
    super(why)
    this.why = why
  }
}

/** Returns the code of an error of Node; `undefined` when it has none. */
export const codeOf = (cause: unknown): string | undefined =>
  typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string"
    ? cause.code
    : undefined

/** Returns what an error means that Node reports about a name resolution, a connection or an exchange. */
export const ofError = (cause: unknown): Failure | Unknown => {
  if (cause instanceof Failure || cause instanceof Unknown) return cause
  const code = codeOf(cause) ?? ""
  if (local.has(code))
    return new Unknown(`This machine could not ask (${code}); that says nothing of the target.`)
  // Of a peer that closes in good order Node makes an error of its own, which no system call has reported.
  if (code === "ECONNRESET" && !isOfSystem(cause)) return new Failure("connection closed")
  if (Object.hasOwn(reasons, code)) return new Failure(reasons[code]!)
  if (code.startsWith("HPE_")) return new Failure("the answer is not HTTP")
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) return new Failure(tlsReason(cause))
  return new Failure(code === "" ? "failed" : `failed (${code})`)
}

/** Faults of this machine: it has no ports, files or memory left, or its own firewall refuses. */
const local: ReadonlySet<string> = new Set([
  "EADDRNOTAVAIL",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "EAI_MEMORY",
  "ENOBUFS",
  "EACCES",
  "EPERM",
  "ERR_WORKER_OUT_OF_MEMORY",
])

/** The reason of a name that exists, and has no address. */
export const noAddress = "dns: the name has no address"

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ECONNABORTED: "connection reset",
  EPIPE: "connection reset",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "host unreachable",
  EHOSTDOWN: "host unreachable",
  ENETUNREACH: "network unreachable",
  ENOTFOUND: "dns: no such name",
  EAI_AGAIN: "dns: no name server answers",
  EAI_FAIL: "dns: the name server fails",
  EAI_NODATA: noAddress,
  ENODATA: noAddress,
  HPE_HEADER_OVERFLOW: "the headers of the answer are too long",
  ERR_STREAM_PREMATURE_CLOSE: "connection closed",
}

const isOfSystem = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && "syscall" in cause

const tlsReason = (cause: unknown): string => {
  const detail = typeof cause === "object" && cause !== null && "reason" in cause ? cause.reason : undefined
  // It is what OpenSSL says when an answer does not begin as one of TLS does.
  if (detail === "wrong version number" || detail === "packet length too long")
    return "tls: the answer is not TLS"
  return typeof detail === "string" ? `tls ${Excerpt.of(detail)}` : "tls"
}
