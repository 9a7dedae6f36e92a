/** What `overdue serve` can be told, by flags and by the environment. */
import type { Protection } from "@overdue/server/access/Protection"
import * as Proxies from "@overdue/server/access/Proxies"
import * as RateLimit from "@overdue/server/access/RateLimit"
import { UsageError } from "../Failure.ts"
import type { Environment } from "../Io.ts"
import * as Address from "../local/Address.ts"
import { secret } from "../local/Flags.ts"
import { parse as parseFlags, whole } from "../Flags.ts"
import type { Flags } from "../Flags.ts"

export const flags = {
  host: {
    kind: "text",
    value: "HOST",
    env: "OVERDUE_HOST",
    default: "127.0.0.1",
    help: "address to listen on",
  },
  port: {
    kind: "text",
    value: "PORT",
    env: "OVERDUE_PORT",
    default: "8000",
    help: "port to listen on; 0 picks a free one",
  },
  database: Address.flag,
  "site-root": {
    kind: "text",
    value: "URL",
    env: "OVERDUE_SITE_ROOT",
    help: "where people reach the server; from host and port unless given",
  },
  "smtp-port": {
    kind: "text",
    value: "PORT",
    env: "OVERDUE_SMTP_PORT",
    help: "also take pings by e-mail, on this port; 0 picks a free one",
  },
  "smtp-host": {
    kind: "text",
    value: "HOST",
    env: "OVERDUE_SMTP_HOST",
    help: "address to take e-mail on; that of --host unless given",
  },
  "smtp-cert": {
    kind: "text",
    value: "FILE",
    env: "OVERDUE_SMTP_CERT",
    help: "certificate in PEM, which lets senders encrypt (STARTTLS); read at the start",
  },
  "smtp-key": { kind: "text", value: "FILE", env: "OVERDUE_SMTP_KEY", help: "the certificate's key in PEM" },
  "ping-email-domain": {
    kind: "text",
    value: "DOMAIN",
    env: "OVERDUE_PING_EMAIL_DOMAIN",
    help: "domain of e-mail addresses that are pings; the host of the site root unless given",
  },
  "max-connections": {
    kind: "text",
    value: "N",
    env: "OVERDUE_MAX_CONNECTIONS",
    default: "10000",
    help: "open HTTP connections; further ones are closed at once",
  },
  "ping-rate": {
    kind: "text",
    value: "N",
    env: "OVERDUE_PING_RATE",
    help: "pings a minute that each check may get; further ones get a 429. No limit unless given",
  },
  "api-rate": {
    kind: "text",
    value: "N",
    env: "OVERDUE_API_RATE",
    help: "requests a minute that each API key may make; further ones get a 429. No limit unless given",
  },
  "trusted-proxies": {
    kind: "text",
    value: "LIST",
    env: "OVERDUE_TRUSTED_PROXIES",
    help: "addresses and networks (10.0.0.0/8), with commas, whose X-Forwarded headers are believed, or none; all unless given",
  },
  "allow-private-targets": {
    kind: "switch",
    env: "OVERDUE_ALLOW_PRIVATE_TARGETS",
    help: "let webhooks reach loopback and private addresses",
  },
} as const satisfies Flags

export const details = [
  "Environment only",
  "  OVERDUE_API_KEY, OVERDUE_API_KEY_READONLY, OVERDUE_PING_KEY",
  "                           keys of the project that the first start creates; made and printed once otherwise",
  "  OVERDUE_SECRET           signs badges and hashes keys; made and kept beside the database otherwise",
  "  OVERDUE_METRICS_KEY      opens /api/v3/metrics/, which tells of the whole installation; closed otherwise",
  "  OVERDUE_PING_BODY_LIMIT  bytes of a ping's body that are kept (default 10000)",
  "",
  "Exit codes",
  "  0  stopped by SIGTERM or SIGINT, with everything in flight finished",
  "  1  it could not start: the sentence on standard error says why",
].join("\n")

export interface Config {
  readonly host: string
  readonly port: number
  readonly database: Address.Database
  /** Without a slash at the end; `undefined`: from host and port. */
  readonly siteRoot: string | undefined
  /** `undefined`: no pings by e-mail. */
  readonly smtp: Smtp | undefined
  readonly pingEmailDomain: string | undefined
  readonly connections: number
  readonly protection: Protection
  readonly allowPrivateTargets: boolean
  readonly secret: string | undefined
  readonly metricsKey: string | undefined
  readonly pingBodyLimit: number | undefined
  /** For the project that the first start creates. */
  readonly apiKey: string | undefined
  readonly apiKeyReadOnly: string | undefined
  readonly pingKey: string | undefined
}

export interface Smtp {
  readonly host: string
  readonly port: number
  /** Files in PEM. */
  readonly certificate: { readonly cert: string; readonly key: string } | undefined
}

const ports = { least: 0, most: 65_535 }

/** Reads a command line. A stray leading `--`, as script runners leave it, is ignored. */
export const parse = (args: readonly string[], environment: Environment): Config => {
  const words = args[0] === "--" ? args.slice(1) : args
  const { flags: given, positionals, rest } = parseFlags(flags, words, environment)
  const surplus = [...positionals, ...(rest ?? [])]
  if (surplus.length > 0) throw new UsageError(`it takes flags only, not ${JSON.stringify(surplus[0])}`)
  const host = given.host ?? flags.host.default
  return {
    host,
    port: whole("--port", given.port ?? flags.port.default, ports)!,
    database: Address.parse(given.database),
    siteRoot: siteRoot(given["site-root"]),
    smtp: smtp(host, given),
    pingEmailDomain: given["ping-email-domain"]?.toLowerCase(),
    connections: whole("--max-connections", given["max-connections"] ?? flags["max-connections"].default, {
      least: 1,
      most: 1_000_000,
    })!,
    protection: {
      trusts: proxies(given["trusted-proxies"]),
      pings: rate("--ping-rate", given["ping-rate"]),
      requests: rate("--api-rate", given["api-rate"]),
    },
    allowPrivateTargets: given["allow-private-targets"],
    secret: secret({ environment }),
    metricsKey: environment["OVERDUE_METRICS_KEY"] || undefined,
    pingBodyLimit: whole("OVERDUE_PING_BODY_LIMIT", environment["OVERDUE_PING_BODY_LIMIT"] || undefined, {
      least: 0,
      most: 10_000_000,
    }),
    apiKey: key("OVERDUE_API_KEY", environment, /^[\x21-\x7e]{32}$/, "32 printable characters"),
    apiKeyReadOnly: key(
      "OVERDUE_API_KEY_READONLY",
      environment,
      /^[\x21-\x7e]{32}$/,
      "32 printable characters",
    ),
    pingKey: key(
      "OVERDUE_PING_KEY",
      environment,
      /^[A-Za-z0-9_-]{1,64}$/,
      "up to 64 characters of a-z, A-Z, 0-9, - and _",
    ),
  }
}

const smtp = (
  host: string,
  given: Readonly<Record<"smtp-port" | "smtp-host" | "smtp-cert" | "smtp-key", string | undefined>>,
): Smtp | undefined => {
  const port = whole("--smtp-port", given["smtp-port"], ports)
  const cert = given["smtp-cert"]
  const key = given["smtp-key"]
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError("--smtp-cert and --smtp-key belong together")
  }
  if (port === undefined) return undefined
  return {
    host: given["smtp-host"] ?? host,
    port,
    certificate: cert === undefined || key === undefined ? undefined : { cert, key },
  }
}

const rate = (name: string, text: string | undefined): RateLimit.RateLimit | undefined => {
  const perMinute = whole(name, text, { least: 1, most: 1_000_000 })
  return perMinute === undefined ? undefined : RateLimit.make(perMinute)
}

const proxies = (list: string | undefined): Proxies.Trust => {
  const trust = list === undefined ? Proxies.everybody : Proxies.parse(list)
  if (typeof trust === "function") return trust
  throw new UsageError(
    `--trusted-proxies is a list of addresses and networks, or none; ${JSON.stringify(trust.wrong)} is no address`,
  )
}

const siteRoot = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new UsageError(
      `--site-root is a URL such as https://overdue.example.org, not ${JSON.stringify(text)}`,
    )
  }
  return text.replace(/\/+$/, "")
}

/** Keys are secrets: a wrong one is not repeated. */
const key = (
  name: string,
  environment: Environment,
  pattern: RegExp,
  expected: string,
): string | undefined => {
  const given = environment[name] || undefined
  if (given !== undefined && !pattern.test(given)) throw new UsageError(`${name} must be ${expected}`)
  return given
}
