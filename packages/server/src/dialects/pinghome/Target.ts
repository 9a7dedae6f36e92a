/** The targets of uptime monitors: Pinghome has types, hosts and ports where a probe has a URL. */
import * as Address from "@overdue/core/Address"
import type * as Probe from "@overdue/core/Probe"
import * as ProbeUrl from "@overdue/core/probe/ProbeUrl"
import * as Result from "effect/Result"

/** The kinds of probes, by the types that requests may have. */
const kinds: Readonly<Record<string, Probe.Kind>> = {
  http: "http",
  https: "http",
  tcp: "tcp",
  udp: "udp",
  ping: "ping",
  icmp: "ping",
  smtp: "smtp",
  pop: "pop3",
  pop3: "pop3",
  imap: "imap",
}

/** The types that are shown, by kind; of others, which only other APIs create, the kind. */
const shown: Partial<Readonly<Record<Probe.Kind, string>>> = { pop3: "pop" }

/** The types that requests may have. */
export const types = Object.keys(kinds)

/** Ports at which everybody encrypts. */
const encrypted: Readonly<Record<string, string>> = {
  "smtp 465": "smtps",
  "pop3 995": "pop3s",
  "imap 993": "imaps",
}

/** A target as requests have it. */
export interface Asked {
  readonly type: string
  readonly url: string | undefined
  readonly host: string | undefined
  /** Empty when it is left out. */
  readonly port: string
}

/** What is wrong with a target. */
export interface Wrong {
  readonly field: "type" | "url" | "host" | "port"
  readonly message: string
}

/** Returns the URL of a target. */
export const urlOf = ({ type, url, host, port }: Asked): Result.Result<string, Wrong> => {
  const kind = Object.hasOwn(kinds, type.toLowerCase()) ? kinds[type.toLowerCase()] : undefined
  const fail = (field: Wrong["field"], message: string) => Result.fail({ field, message })
  if (kind === undefined) return fail("type", `must be one of ${types.join(", ")}`)
  const field =
    url === undefined && host !== undefined ? "host" : kind === "http" || host === undefined ? "url" : "host"
  const given = (field === "url" ? url : host)?.trim() ?? ""
  if (given === "") return fail(field, "is required")
  if (port !== "" && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    return fail("port", "must be a port from 1 to 65535, or empty")
  if (kind === "http") {
    const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`
    const parsed = ProbeUrl.parse(whole)
    const isHttp = Result.isSuccess(parsed) && parsed.success.kind === "http"
    return isHttp ? Result.succeed(whole) : fail(field, "must be a URL with http or https")
  }
  return hostUrl({ kind, given, port, field })
}

const hostUrl = ({
  kind,
  given,
  port: asked,
  field,
}: {
  readonly kind: Probe.Kind
  readonly given: string
  readonly port: string
  readonly field: "url" | "host"
}): Result.Result<string, Wrong> => {
  const [, bare = ""] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)/i.exec(given) ?? []
  // An address of IPv6 has more than one colon, and a port follows only one in brackets.
  const isBareV6 = bare.split(":").length > 2 && !bare.startsWith("[")
  const [, host = bare, own = ""] = isBareV6 ? [] : (/^(.*?)(?::(\d+))?$/.exec(bare) ?? [])
  const port = kind === "ping" ? "" : asked || own
  if (port === "" && (kind === "tcp" || kind === "udp"))
    return Result.fail({ field: "port", message: "is required" })
  const scheme = encrypted[`${kind} ${port}`] ?? kind
  const url = `${scheme}://${isBareV6 ? `[${host}]` : host}${port === "" ? "" : `:${port}`}`
  const parsed = ProbeUrl.parse(url)
  return Result.isSuccess(parsed)
    ? Result.succeed(url)
    : Result.fail({ field, message: "must be a host name or an address" })
}

/**
 * Whether a target may be asked, as far as its URL tells. The addresses of a name are looked at each time when it is asked,
 * and so is where it is redirected to.
 */
export const isAllowed = (url: string, mayAsk: (address: string) => boolean): boolean => {
  const parsed = ProbeUrl.parse(url)
  if (Result.isFailure(parsed)) return false
  const { host } = parsed.success
  const isLocal = /^(?:.+\.)?localhost\.?$/i.test(host)
  return Address.ofHost(host) === undefined && !isLocal ? true : mayAsk(isLocal ? "127.0.0.1" : host)
}

/** Returns how a URL is asked; `undefined` when it is none. */
export const kindOf = (url: string): Probe.Kind | undefined => {
  const parsed = ProbeUrl.parse(url)
  return Result.isSuccess(parsed) ? parsed.success.kind : undefined
}

/** Returns what is sent to a target, without all in which there may be passwords. */
export const withoutSecrets = ({ url }: Probe.Probe): Pick<Probe.Probe, "url" | "headers" | "body"> => ({
  url: url.replace(/^([^:]*:\/\/)[^/?#]*@/, "$1").replace(/[?#].*$/s, ""),
  headers: {},
  body: "",
})

/** A target as answers have it. */
export interface Shown {
  readonly type: string
  readonly url?: string
  readonly host?: string
  readonly port: string
}

/** Returns the target of a probe as answers have it. */
export const show = ({ url }: Probe.Probe): Shown => {
  const parsed = ProbeUrl.parse(url)
  if (Result.isFailure(parsed)) return { type: "http", url, port: "" }
  const { kind, host, port, name } = parsed.success
  const type = shown[kind] ?? kind
  if (kind === "http") return { type, url, port: "" }
  return { type, host: kind === "dns" ? name : host, port: port === 0 || kind === "dns" ? "" : String(port) }
}

/** What requests may have of a target. */
export interface Given {
  readonly type: string | undefined
  readonly url: string | undefined
  readonly host: string | undefined
  readonly port: string | number | undefined
}

/** Whether all that is given of a target is as it is shown. */
export const isShown = (shown: Shown, { type, url, host, port }: Given): boolean =>
  (type === undefined || type.toLowerCase() === shown.type) &&
  (url === undefined || url === shown.url) &&
  (host === undefined || host === shown.host) &&
  (port === undefined || String(port).trim() === shown.port)
