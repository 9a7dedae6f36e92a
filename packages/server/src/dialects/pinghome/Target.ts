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

/**
 * Returns the URL of a target, which is asked as type, host, URL and port say. Fails when they contradict each other, or
 * say what the type does not have. `scheme` is the one of a target that names none; by default that of the type.
 */
export const urlOf = ({ type, url, host, port }: Asked, scheme?: string): Result.Result<string, Wrong> => {
  const word = type.toLowerCase()
  const kind = Object.hasOwn(kinds, word) ? kinds[word] : undefined
  if (kind === undefined) return fail("type", `must be one of ${types.join(", ")}`)
  const given = { url: url?.trim() ?? "", host: host?.trim() ?? "" }
  const order = kind === "http" ? (["url", "host"] as const) : (["host", "url"] as const)
  const [main, other] = order.filter((each) => given[each] !== "").map((each) => partsOf(each, given[each]))
  if (main === undefined)
    return fail(host === undefined || (url !== undefined && kind === "http") ? "url" : "host", "is required")
  for (const part of other === undefined ? [main] : [main, other])
    if (part.scheme !== "" && !isOf(part.scheme, word, kind))
      return fail(part.field, `must begin with ${word}://, or with the host, because the type is ${word}`)
  if (other !== undefined && !isSame(main, other))
    return fail(other.field, `must say the same as the ${main.field}, or be left out`)
  const said = other === undefined ? main : joined(main, other)
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535
  if (port !== "" && !isPort) return fail("port", "must be a port from 1 to 65535, or empty")
  if (port !== "" && said.port !== "" && Number(port) !== Number(said.port))
    return fail(
      "port",
      `must be ${said.port}, as in the ${main.port === "" ? other?.field : main.field}, or empty`,
    )
  const whole = { ...said, port: port === "" ? said.port : String(Number(port)) }
  return kind === "http"
    ? httpUrl({ ...whole, scheme: said.scheme || (scheme ?? word) })
    : hostUrl({ ...whole, scheme: said.scheme || (scheme ?? "") }, kind)
}

const fail = (field: Wrong["field"], message: string): Result.Result<never, Wrong> =>
  Result.fail({ field, message })

/** What a URL or a host says; what it does not say is empty. */
interface Parts {
  readonly field: "url" | "host"
  readonly scheme: string
  /** With `@` at its end. */
  readonly user: string
  /** An address of IPv6 has brackets. */
  readonly host: string
  readonly port: string
  /** Everything after host and port. */
  readonly tail: string
}

const partsOf = (field: Parts["field"], text: string): Parts => {
  const [, scheme = "", authority = "", tail = ""] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)(.*)$/is.exec(text) ?? []
  const user = authority.slice(0, authority.lastIndexOf("@") + 1)
  const bare = authority.slice(user.length)
  const said = { field, scheme: scheme.toLowerCase(), user, tail }
  // An address of IPv6 has more than one colon, and a port follows only one in brackets.
  if (bare.split(":").length > 2 && !bare.startsWith("[")) return { ...said, host: `[${bare}]`, port: "" }
  const [, host = bare, port = ""] = /^(.*?)(?::(\d*))?$/.exec(bare) ?? []
  return { ...said, host, port }
}

/** Whether a type may be asked by a URL with a scheme. `http` is said of both schemes of HTTP. */
const isOf = (scheme: string, word: string, kind: Probe.Kind): boolean => {
  if (word === "https") return scheme === "https"
  const found = Object.hasOwn(ProbeUrl.schemes, scheme) ? ProbeUrl.schemes[scheme]?.kind : undefined
  return (found ?? (Object.hasOwn(kinds, scheme) ? kinds[scheme] : undefined)) === kind
}

/** Whether what both say is the same; either may say less. */
const isSame = (main: Parts, other: Parts): boolean =>
  main.host.toLowerCase() === other.host.toLowerCase() &&
  (main.port === "" || other.port === "" || Number(main.port) === Number(other.port)) &&
  (["scheme", "user", "tail"] as const).every(
    (each) => main[each] === "" || other[each] === "" || main[each] === other[each],
  )

const joined = (main: Parts, other: Parts): Parts => ({
  ...main,
  scheme: main.scheme || other.scheme,
  user: main.user || other.user,
  port: main.port || other.port,
  tail: main.tail || other.tail,
})

const httpUrl = ({ field, scheme, user, host, port, tail }: Parts): Result.Result<string, Wrong> => {
  const url = `${scheme}://${user}${host}${port === "" ? "" : `:${port}`}${tail}`
  return Result.isSuccess(ProbeUrl.parse(url))
    ? Result.succeed(url)
    : fail(field, "must be a URL with http or https")
}

const hostUrl = (
  { field, scheme: said, user, host, port, tail }: Parts,
  kind: Probe.Kind,
): Result.Result<string, Wrong> => {
  if (user !== "" || (tail !== "" && tail !== "/"))
    return fail(field, "must be a host name or an address, with nothing else")
  if (kind === "ping" && port !== "") return fail("port", "must be empty, because a ping has no port")
  if (port === "" && (kind === "tcp" || kind === "udp")) return fail("port", "is required")
  // What the type is called may be another word than the scheme.
  const isPlain = said === "" || said === kind || !Object.hasOwn(ProbeUrl.schemes, said)
  const scheme = isPlain ? (encrypted[`${kind} ${port}`] ?? kind) : said
  const url = `${scheme}://${host}${port === "" ? "" : `:${port}`}`
  return Result.isSuccess(ProbeUrl.parse(url))
    ? Result.succeed(url)
    : fail(field, "must be a host name or an address")
}

/** Returns the URL of a target of which only what is given changes. */
export const changed = (given: Given, before: Probe.Probe): Result.Result<string, Wrong> => {
  const { type, url, host } = given
  const port = given.port === undefined ? undefined : String(given.port).trim()
  const known = show(before)
  // Clients send all that they were shown; there are more targets than the words for them tell apart.
  if (isShown(known, given)) return Result.succeed(before.url)
  const parsed = ProbeUrl.parse(before.url)
  const old = Result.isSuccess(parsed) ? parsed.success : undefined
  const isOther = type !== undefined && kinds[type.toLowerCase()] !== old?.kind
  const isPlaced = url !== undefined || host !== undefined
  const moved =
    host === undefined || url !== undefined || isOther || known.url === undefined
      ? undefined
      : atHost(port ? withoutPort(known.url) : known.url, host.trim())
  const place = isPlaced
    ? { url: moved ?? url, host: moved === undefined ? host : undefined }
    : isOther || known.url === undefined
      ? { url: undefined, host: known.host ?? old?.host }
      : { url: port ? withoutPort(known.url) : known.url, host: undefined }
  const says = [url, host].some((text) => text !== undefined && partsOf("url", text.trim()).port !== "")
  const asked = { type: type ?? known.type, ...place, port: port ?? (isOther || says ? "" : known.port) }
  const found = urlOf(asked, type === undefined && port === undefined ? old?.scheme : undefined)
  // Of a URL that is made of what was given as the host, nobody has given a URL.
  return Result.mapError(found, (wrong) =>
    moved !== undefined && wrong.field === "url" ? { ...wrong, field: "host" as const } : wrong,
  )
}

/** Returns a URL at another host, with the port of that if it has one; `undefined` when more than a host and a port is given. */
const atHost = (url: string, given: string): string | undefined => {
  const { scheme, user, port, tail } = partsOf("url", url)
  const to = partsOf("host", given)
  if (to.host === "" || to.scheme !== "" || to.user !== "" || to.tail !== "") return undefined
  const at = to.port || port
  return `${scheme}://${user}${to.host}${at === "" ? "" : `:${at}`}${tail}`
}

const withoutPort = (url: string): string => {
  const { scheme, user, host, tail } = partsOf("url", url)
  return `${scheme}://${user}${host}${tail}`
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
