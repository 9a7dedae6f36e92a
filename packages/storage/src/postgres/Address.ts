/**
 * Addresses of PostgreSQL databases, as libpq writes them: `postgres://user:password@host:5432,other/name?sslmode=verify-full`.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
import { second, type Span } from "@overdue/core/Time"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"

/** A server: a name or an address with a port, or the folder of a Unix socket. */
export interface Host {
  readonly host: string
  readonly port: number
  /** The address to connect to, without asking what the name stands for. */
  readonly address?: string | undefined
}

/** How a connection is encrypted, as `sslmode` says it. */
export type TlsMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full"

/** Encryption, and the files in PEM that prove who is who. */
export interface Tls {
  readonly mode: TlsMode
  readonly rootCertificate: string | undefined
  readonly certificate: string | undefined
  readonly key: string | undefined
}

/** Where a database is, and how it is used. */
export interface Address {
  /** At least one; that is used which takes writes. */
  readonly hosts: readonly Host[]
  readonly database: string
  readonly username: string
  readonly password: Redacted.Redacted | undefined
  readonly tls: Tls
  /** Of all tables; `undefined`: the first of the user's search path, mostly `public`. */
  readonly schema: string | undefined
  /** Whether a pooler hands connections from one transaction to the next. `undefined`: that is found out. */
  readonly isPooled: boolean | undefined
  /** The most connections that are open at once. */
  readonly connections: number
  readonly connectWithin: Span
  readonly applicationName: string
}

const parameters = [
  "host",
  "hostaddr",
  "port",
  "dbname",
  "user",
  "password",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "target_session_attrs",
  "connect_timeout",
  "application_name",
  "schema",
  "pgbouncer",
  "pool_size",
] as const
type Parameter = (typeof parameters)[number]

const modes: readonly TlsMode[] = ["disable", "prefer", "require", "verify-ca", "verify-full"]

/** Bounds of `pool_size`; the least leaves one for those that wait while another holds a transaction. */
const connections = { least: 2, most: 200, usual: 10 }
/** Seconds, of `connect_timeout`. */
const patience = { least: 1, most: 60, usual: 5 }
/** Hosts of one address. */
const mostHosts = 16

const form =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<hosts>[^/?]*)(?:\/(?<name>[^?]*))?(?:\?(?<query>.*))?$/s

/** Fails with the end of a sentence that begins with what gave the address. No part of it is repeated: it may be secret. */
class Wrong extends Error {}

/**
 * Returns the address that a text is. Fails with a sentence without its beginning: `has a port that is no number …`. A
 * password that the text does not have is `fallback`.
 */
export const parse = (text: string, fallback?: string): Result.Result<Address, string> => {
  try {
    return Result.succeed(read(text, fallback))
  } catch (cause) {
    if (cause instanceof Wrong) return Result.fail(cause.message)
    throw cause
  }
}

const read = (text: string, fallback: string | undefined): Address => {
  const groups = form.exec(text)?.groups
  // An @ behind the host, or a # anywhere, was most likely meant to be in the password, of which the rest would be shown.
  const isSplit =
    [groups?.["hosts"], groups?.["name"]].some((part) => part?.includes("@")) || text.includes("#")
  if (groups === undefined || isSplit) {
    throw new Wrong(
      "is not of the form postgres://USER:PASSWORD@HOST:PORT/NAME; write @, :, /, ? and # in a password as %40, %3A, %2F, %3F and %23",
    )
  }
  const given = query(groups["query"] ?? "")
  const username = given.get("user") ?? decoded(groups["user"] ?? "", "user")
  if (username === "") throw new Wrong("names no user: postgres://USER@HOST/NAME")
  const password = given.get("password") ?? decoded(groups["password"] ?? "", "password") ?? ""
  const database = given.get("dbname") ?? decoded(groups["name"] ?? "", "name")
  const secret = password === "" ? (fallback ?? "") : password
  return {
    hosts: hosts(given.get("host") ?? groups["hosts"] ?? "", given.get("port"), given.get("hostaddr")),
    database: database === "" ? username : database,
    username,
    password: secret === "" ? undefined : Redacted.make(secret),
    tls: tls(given),
    schema: schema(given.get("schema")),
    isPooled: answer("pgbouncer", given.get("pgbouncer")),
    connections: number("pool_size", given.get("pool_size"), connections),
    connectWithin: number("connect_timeout", given.get("connect_timeout"), patience) * second,
    applicationName: given.get("application_name") ?? "overdue",
  }
}

const decoded = (text: string, what: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Wrong(`has a % in its ${what} that begins no two hexadecimal digits; write it as %25`)
  }
}

const isParameter = (name: string): name is Parameter => parameters.some((one) => one === name)

const query = (text: string): ReadonlyMap<Parameter, string> => {
  const given = new Map<Parameter, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (!isParameter(name)) {
      // It may be a part of a password in which a question mark was not written as %3F.
      throw new Wrong(`has a parameter that is none of ${parameters.join(", ")}`)
    }
    given.set(name, value)
  }
  const wanted = given.get("target_session_attrs") ?? "read-write"
  if (wanted !== "read-write" && wanted !== "primary" && wanted !== "any") {
    throw new Wrong(
      "has a target_session_attrs other than read-write: Overdue writes, so it always looks for the server that takes writes",
    )
  }
  return given
}

/** Ports are one for all hosts, or one for each, as libpq has it; or each follows its host. */
const hosts = (text: string, ports: string | undefined, addresses: string | undefined): readonly Host[] => {
  const names = text.split(",")
  const direct = addresses?.split(",") ?? []
  if (direct.length > 0 && direct.length !== names.length)
    throw new Wrong(`has ${direct.length} hostaddr for ${names.length} hosts: give one for each`)
  if (names.length > mostHosts) throw new Wrong(`names more than ${mostHosts} hosts`)
  const own = ports === undefined ? [] : ports.split(",")
  if (own.length > 1 && own.length !== names.length) {
    throw new Wrong(`has ${own.length} ports for ${names.length} hosts: give one for all, or one for each`)
  }
  return names.map((name, index) => {
    const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::([^:]*))?$/.exec(name) ?? []
    const host = decoded(bracketed ?? plain ?? "", "host")
    if (bracketed === undefined && plain === undefined) {
      throw new Wrong("has a host with more than one colon; write an IPv6 address in brackets: [::1]:5432")
    }
    return {
      host: host === "" ? "localhost" : host,
      port: portOf(port || own[index] || own[0]),
      ...(direct[index] && { address: direct[index] }),
    }
  })
}

const portOf = (text: string | undefined): number => {
  if (text === undefined || text === "") return 5432
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new Wrong("has a port that is no whole number from 1 to 65535")
}

const tls = (given: ReadonlyMap<Parameter, string>): Tls => {
  const mode = given.get("sslmode") ?? "prefer"
  const known = modes.find((one) => one === mode)
  // libpq tries without encryption first; who allows both is as well served by the other order.
  if (known === undefined && mode !== "allow")
    throw new Wrong(`has an sslmode that is none of ${modes.join(", ")}`)
  const [certificate, key] = [given.get("sslcert"), given.get("sslkey")]
  if ((certificate === undefined) !== (key === undefined))
    throw new Wrong("has one of sslcert and sslkey: give both or neither")
  return { mode: known ?? "prefer", rootCertificate: given.get("sslrootcert"), certificate, key }
}

/** A name that needs no quotes, so that one is not mistaken for another in SQL that people write. */
const schema = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(text) && !text.startsWith("pg_")) return text
  throw new Wrong(
    "has a schema that is no plain name: up to 63 lower-case letters, digits and _, not beginning with a digit or pg_",
  )
}

const answer = (name: string, text: string | undefined): boolean | undefined => {
  if (text === undefined) return undefined
  if (text === "true" || text === "false") return text === "true"
  throw new Wrong(`has a ${name} that is neither true nor false`)
}

const number = (
  name: string,
  text: string | undefined,
  { least, most, usual }: typeof connections,
): number => {
  if (text === undefined) return usual
  const found = /^\d{1,6}$/.test(text) ? Number(text) : NaN
  if (found >= least && found <= most) return found
  throw new Wrong(`has a ${name} that is no whole number from ${least} to ${most}`)
}

/** Returns where servers are, for messages: no name and no password. */
export const place = ({ hosts, database }: Pick<Address, "hosts" | "database">): string =>
  `The PostgreSQL database ${database} at ${hosts.map(hostText).join(", ")}`

/** Returns a host for messages. */
export const hostText = ({ host, port }: Host): string =>
  host.startsWith("/") ? host : host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`
