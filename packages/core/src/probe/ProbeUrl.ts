/**
 * The targets of probes as URLs. Their schemes are those of the protocols; `tls` asks only for the certificate, and
 * `domain` when the registration of a domain expires (RDAP). DNS is asked as in RFC 4501: `dns://server/name?type=MX`, or
 * without a server of one's own `dns:name?type=MX`. `metric` asks nobody: it names a server and a series that it reports.
 */
import * as Result from "effect/Result"
import * as Address from "../Address.ts"
import * as Limits from "../Limits.ts"
import type { Kind, Security } from "../Probe.ts"
import * as Sample from "../Sample.ts"
import * as Uuid from "../Uuid.ts"

/** What a scheme stands for. */
export interface Scheme {
  readonly kind: Kind
  /** The port of a URL that names none; `undefined`: it must name one. 0: there are no ports. */
  readonly port: number | undefined
  readonly security: Security
}

/** Every scheme. */
export const schemes: Readonly<Record<string, Scheme>> = {
  http: { kind: "http", port: 80, security: "none" },
  https: { kind: "http", port: 443, security: "tls" },
  tcp: { kind: "tcp", port: undefined, security: "none" },
  udp: { kind: "udp", port: undefined, security: "none" },
  ping: { kind: "ping", port: 0, security: "none" },
  smtp: { kind: "smtp", port: 25, security: "none" },
  "smtp+starttls": { kind: "smtp", port: 25, security: "starttls" },
  smtps: { kind: "smtp", port: 465, security: "tls" },
  pop3: { kind: "pop3", port: 110, security: "none" },
  "pop3+starttls": { kind: "pop3", port: 110, security: "starttls" },
  pop3s: { kind: "pop3", port: 995, security: "tls" },
  imap: { kind: "imap", port: 143, security: "none" },
  "imap+starttls": { kind: "imap", port: 143, security: "starttls" },
  imaps: { kind: "imap", port: 993, security: "tls" },
  dns: { kind: "dns", port: 53, security: "none" },
  tls: { kind: "tls", port: 443, security: "tls" },
  domain: { kind: "domain", port: 0, security: "none" },
  metric: { kind: "metric", port: 0, security: "none" },
}

/** Types of records that may be asked for. */
export const recordTypes = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"] as const

/** A target, read. */
export interface ProbeUrl extends Scheme {
  readonly scheme: string
  /**
   * A name or an address, that of IPv6 without brackets; of `dns` the server, which is empty when the system's is asked; of
   * `domain` the domain, and of `metric` the id of the check of a server.
   */
  readonly host: string
  /** 0 when there is none. */
  readonly port: number
  /** Only of `dns` the name that is asked for, and of `metric` the series. */
  readonly name: string
  /** Only of `dns`: the type of records. */
  readonly type: (typeof recordTypes)[number]
}

/** Returns a target. Fails with what is expected instead. */
export const parse = (text: string): Result.Result<ProbeUrl, string> => {
  if (/[\s\u0000-\u001f\u007f\\]/.test(text))
    return Result.fail("a URL without spaces, backslashes and control characters")
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text) ?? []
  const found = Object.hasOwn(schemes, scheme.toLowerCase()) ? schemes[scheme.toLowerCase()] : undefined
  if (found === undefined)
    return Result.fail(
      `a URL such as https://example.org or tcp://example.org:5432, whose scheme is one of ${Object.keys(schemes).join(", ")}`,
    )
  if (text.length > Limits.urlLength) return Result.fail(`a URL of at most ${Limits.urlLength} characters`)
  const base = { ...found, scheme: scheme.toLowerCase(), name: "", type: "A" as const }
  if (found.kind === "metric") return metricOf(base, rest)
  return found.kind === "dns" ? dnsOf(base, rest) : serverOf(base, rest)
}

type Base = Omit<ProbeUrl, "host" | "port"> & Pick<Scheme, "port">

const authority = /^(?:[^@/?#]*@)?(?:\[([0-9a-f:.]+)\]|([^:/?#@[\]]*))(?::(\d{0,5}))?$/i

const serverOf = (base: Base, rest: string): Result.Result<ProbeUrl, string> => {
  const [, whole, tail = ""] = /^\/\/([^/?#]*)(.*)$/s.exec(rest) ?? []
  if (whole === undefined) return Result.fail(`a host after ${base.scheme}://`)
  if (base.kind !== "http") {
    if (tail !== "" && tail !== "/")
      return Result.fail(`nothing after the host${base.port === 0 ? "" : " and port"}`)
    if (whole.includes("@")) return Result.fail("a URL without user name and password")
  }
  return placed(base, whole)
}

const placed = (base: Base, text: string): Result.Result<ProbeUrl, string> => {
  // It means something on one machine only, and no URL of HTTP can have it (WHATWG URL, "IPv6 parser").
  if (/^[^@]*@?\[[^\]]*%/.test(text)) return Result.fail("an address of IPv6 without a zone such as %eth0")
  const found = authority.exec(text)
  const host = found?.[1] ?? found?.[2] ?? ""
  if (found === null || !isHost(host, found[1] !== undefined)) return Result.fail("a URL with a valid host")
  const given = found[3]
  if (base.port === 0 && given !== undefined) return Result.fail(`no port in a URL with ${base.scheme}`)
  const port = given === undefined || given === "" ? base.port : Number(given)
  if (port === undefined) return Result.fail(`a port, as in ${base.scheme}://${host}:1234`)
  if (base.port !== 0 && (port < 1 || port > 65_535)) return Result.fail("a port from 1 to 65535")
  return Result.succeed({ ...base, host, port })
}

const dnsOf = (base: Base, rest: string): Result.Result<ProbeUrl, string> => {
  const [, server, path, query = ""] =
    /^(?:\/\/([^/?#]*)(?=[/?#]|$))?\/?([^?#]*)(?:\?([^#]*))?$/s.exec(rest) ?? []
  // Without a path, what stands where servers do is meant to be the name.
  const [host, name] = path === "" ? ["", server] : [server ?? "", path]
  if (name === undefined || !isName(name))
    return Result.fail("a name to ask for, as in dns://example.org?type=MX")
  const asked = /(?:^|[;&])type=([^;&]*)/i.exec(query)?.[1]?.toUpperCase() ?? "A"
  const type = recordTypes.find((each) => each === asked)
  if (type === undefined) return Result.fail(`one of the types ${recordTypes.join(", ")}`)
  if (host === "") return Result.succeed({ ...base, host, port: base.port ?? 0, name, type })
  return Result.map(placed(base, host), (found) => ({ ...found, name, type }))
}

const metricOf = (base: Base, rest: string): Result.Result<ProbeUrl, string> => {
  const [, server = "", path = ""] = /^\/\/([^/?#]*)\/([^?#]+)$/s.exec(rest) ?? []
  const [host, name] = [Uuid.parse(server), decoded(path)]
  return host === undefined || name === undefined || !Sample.isSeries(name)
    ? Result.fail(
        "the id of a server and a series that it reports, as in metric://0f55a1c2-7d31-4c8e-9a55-3b1c2d4e5f60/cpu-total-usage",
      )
    : Result.succeed({ ...base, host, port: 0, name })
}

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Labels of names may have underscores, as services do, and letters of any language, which are encoded when asked for. */
const isName = (text: string): boolean =>
  text.length <= 253 &&
  /^(?:[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_-]{0,62})\.)*[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_-]{0,62})\.?$/u.test(
    text,
  )

/**
 * A name that ends in a number is an address to whoever asks (WHATWG URL, "ends in a number"), in notations that hide which:
 * 127.1 and 0x7f000001 are 127.0.0.1.
 */
const isHost = (text: string, isBracketed: boolean): boolean => {
  if (isBracketed) return Address.familyOf(text) === 6
  const isNumber = /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/i.test(text)
  return isNumber ? Address.familyOf(text) === 4 : isName(text)
}
