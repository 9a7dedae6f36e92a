/** The settings of `overdue serve`, from flags and environment. */
import { apiKey, urlKey } from "@overdue/core/Project"
import type { Protection } from "@overdue/server/access/Protection"
import * as Proxies from "@overdue/server/access/Proxies"
import * as RateLimit from "@overdue/engine/RateLimit"
import * as Arguments from "../Arguments.ts"
import { UsageError } from "../Failure.ts"
import type { Environment } from "../Io.ts"
import * as Database from "../local/Database.ts"
import * as Span from "../Span.ts"
import * as KeptSamples from "./KeptSamples.ts"
import * as Keys from "./Keys.ts"
import * as Log from "./Log.ts"
import * as Probing from "./Probing.ts"
import * as Telemetry from "./telemetry/Telemetry.ts"
import { whole } from "../Flags.ts"
import type { Flags } from "../Flags.ts"

/** The flags of `overdue serve`. */
export const flags = {
  host: {
    kind: "text",
    value: "HOST",
    env: "OVERDUE_HOST",
    default: "127.0.0.1",
    help: "address to listen on, or a name: then on every address that it stands for",
  },
  port: {
    kind: "text",
    value: "PORT",
    env: "OVERDUE_PORT",
    default: "8000",
    help: "port to listen on; 0 picks a free one",
  },
  database: Database.flag,
  "site-root": {
    kind: "text",
    value: "URL",
    env: "OVERDUE_SITE_ROOT",
    help: "public address of the server; by default made from host and port",
  },
  "smtp-port": {
    kind: "text",
    value: "PORT",
    env: "OVERDUE_SMTP_PORT",
    help: "accept pings by e-mail, too, on this port; 0 picks a free one",
  },
  "smtp-host": {
    kind: "text",
    value: "HOST",
    env: "OVERDUE_SMTP_HOST",
    help: "address to listen on for e-mail; by default that of --host",
  },
  "smtp-cert": {
    kind: "text",
    value: "FILE",
    env: "OVERDUE_SMTP_CERT",
    help: "certificate in PEM, with which senders can encrypt (STARTTLS); read at the start",
  },
  "smtp-key": { kind: "text", value: "FILE", env: "OVERDUE_SMTP_KEY", help: "the certificate's key in PEM" },
  "ping-email-domain": {
    kind: "text",
    value: "DOMAIN",
    env: "OVERDUE_PING_EMAIL_DOMAIN",
    help: "domain of the e-mail addresses for pings; by default the host of the site root",
  },
  "max-connections": {
    kind: "text",
    value: "N",
    env: "OVERDUE_MAX_CONNECTIONS",
    default: "10000",
    help: "limit of open HTTP connections; a further one closes the one that has been silent for longest",
  },
  "ping-rate": {
    kind: "text",
    value: "N",
    env: "OVERDUE_PING_RATE",
    help: "limit of pings per minute for each check and network they come from, ten times as many for each check; further ones are answered 429, or 451 by e-mail. By default no limit",
  },
  "api-rate": {
    kind: "text",
    value: "N",
    env: "OVERDUE_API_RATE",
    help: "limit of requests per minute for each API key; further ones are answered 429. By default no limit",
  },
  "trusted-proxies": {
    kind: "text",
    value: "LIST",
    env: "OVERDUE_TRUSTED_PROXIES",
    help: "comma-separated addresses and networks (10.0.0.0/8) whose X-Forwarded headers count, or none; by default all",
  },
  "host-of": {
    kind: "texts",
    value: "DIALECT=HOST",
    env: "OVERDUE_HOST_OF",
    help: "a host at whose root one API alone is reached: healthchecks=hc.example.org",
  },
  "allow-private-targets": {
    kind: "switch",
    env: "OVERDUE_ALLOW_PRIVATE_TARGETS",
    help: "let channels and probes reach loopback and private addresses",
  },
  ...Probing.flags,
  "blind-after": {
    kind: "text",
    value: "SPAN",
    env: "OVERDUE_BLIND_AFTER",
    default: "30s",
    help: "when the server did not run for longer, graces and runs stand still meanwhile, and what was due then is due after it; never: as Healthchecks does",
  },
  "keep-samples": KeptSamples.flag,
  ...Log.flags,
} as const satisfies Flags

/** What the help of `overdue serve` says beyond the flags. */
export const details = [
  "Environment only",
  "  OVERDUE_API_KEY, OVERDUE_API_KEY_READONLY, OVERDUE_PING_KEY",
  "                           keys of the project that the first start creates; by default generated and shown",
  "  OVERDUE_SECRET           signs badges and hashes keys; by default generated and kept beside the database",
  "  OVERDUE_METRICS_KEY      key for /api/v3/metrics/, of the whole installation, 16 characters or more; by default closed",
  "  OVERDUE_ADMIN_KEY        key for managing projects and API keys over HTTP, 32 characters; by default closed",
  "  OVERDUE_PROBER_KEY       key for `overdue probe` elsewhere, 32 characters or more; opens nothing else",
  "  OVERDUE_PING_BODY_LIMIT  bytes of a ping's body that are stored (default 10000)",
  "  OTEL_EXPORTER_OTLP_ENDPOINT",
  "                           where traces, metrics and logs are exported to, such as http://127.0.0.1:4318; by default nowhere",
  "  OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER",
  "                           and others of OpenTelemetry, as its specification says",
].join("\n")

/** The settings of a server, read and checked. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly database: Database.Database
  /** Without a slash at the end; `undefined`: made from host and port. */
  readonly siteRoot: string | undefined
  /** `undefined`: no pings by e-mail. */
  readonly smtp: Smtp | undefined
  readonly pingEmailDomain: string | undefined
  readonly connections: number
  /** Of each check, by HTTP and by e-mail together; `undefined`: no limit. */
  readonly signalsPerMinute: number | undefined
  readonly protection: Protection
  /** As it was given: `VirtualHosts` reads it. */
  readonly hostsOf: readonly string[]
  readonly allowPrivateTargets: boolean
  readonly probes: Probing.Settings
  /** In milliseconds; `undefined`: all time counts. */
  readonly blindAfter: number | undefined
  readonly keptSamples: KeptSamples.KeptSamples
  readonly log: Log.Style
  readonly telemetry: Telemetry.Read
  readonly installationKeys: Keys.OfInstallation
  readonly pingBodyLimit: number | undefined
  /** For the project that the first start creates. */
  readonly apiKey: string | undefined
  readonly apiKeyReadOnly: string | undefined
  readonly pingKey: string | undefined
}

/** The settings of the port for pings by e-mail. */
export interface Smtp {
  readonly host: string
  readonly port: number
  /** Files in PEM. */
  readonly certificate: { readonly cert: string; readonly key: string } | undefined
}

/** Requests a minute. */
const rates = { least: 1, most: 1_000_000 }

const ports = { least: 0, most: 65_535 }

/** Returns the settings. A leading `--`, which script runners pass on, is ignored. Fails with a `UsageError`. */
export const parse = (args: readonly string[], environment: Environment): Config => {
  const words = args[0] === "--" ? args.slice(1) : args
  const given = Arguments.flagsAlone(flags, words, environment)
  const host = address("--host", given.host) ?? flags.host.default
  return {
    host,
    port: whole("--port", given.port ?? flags.port.default, ports)!,
    database: Database.parse(given.database, environment),
    siteRoot: siteRoot(given["site-root"]),
    smtp: smtp(host, given),
    pingEmailDomain: given["ping-email-domain"]?.toLowerCase(),
    connections: whole("--max-connections", given["max-connections"] ?? flags["max-connections"].default, {
      least: 1,
      most: 1_000_000,
    })!,
    signalsPerMinute: whole("--ping-rate", given["ping-rate"], rates),
    protection: {
      trusts: proxies(given["trusted-proxies"]),
      requests: rate("--api-rate", given["api-rate"]),
      wrongKeys: RateLimit.make(wrongKeys, networks),
    },
    hostsOf: given["host-of"],
    allowPrivateTargets: given["allow-private-targets"],
    probes: Probing.read(given),
    blindAfter: blindAfter(given["blind-after"] ?? flags["blind-after"].default),
    keptSamples: KeptSamples.parse(given["keep-samples"]),
    log: Log.read(given),
    telemetry: Telemetry.read(environment),
    installationKeys: Keys.ofInstallation(environment),
    pingBodyLimit: whole("OVERDUE_PING_BODY_LIMIT", environment["OVERDUE_PING_BODY_LIMIT"] || undefined, {
      least: 0,
      most: 10_000_000,
    }),
    apiKey: Keys.read("OVERDUE_API_KEY", environment, apiKey),
    apiKeyReadOnly: Keys.read("OVERDUE_API_KEY_READONLY", environment, apiKey),
    pingKey: Keys.read("OVERDUE_PING_KEY", environment, urlKey),
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
    throw new UsageError("--smtp-cert and --smtp-key belong together: give both or neither")
  }
  if (port === undefined) return undefined
  return {
    host: address("--smtp-host", given["smtp-host"]) ?? host,
    port,
    certificate: cert === undefined || key === undefined ? undefined : { cert, key },
  }
}

/**
 * Returns an address without the brackets that one of IPv6 has in a URL. An empty one, as of a variable that is not set,
 * is every address to Node: who wants that says so.
 */
const address = (name: string, given: string | undefined): string | undefined => {
  if (given === undefined) return undefined
  if (given.trim() === "")
    throw new UsageError(
      `${name} is empty: give an address or a name, such as 127.0.0.1, or 0.0.0.0 for every address`,
    )
  return given.replace(/^\[([0-9A-Fa-f:.]+(?:%.+)?)\]$/, "$1")
}

/** Shorter spans than a few seconds would be blind whenever the machine is busy. */
const blindAfter = (text: string): number | undefined => {
  if (text === "never") return undefined
  const span = Span.parse("--blind-after", text)
  if (span !== undefined && span >= 5 && span <= 86_400) return span * 1000
  throw new UsageError("--blind-after is never, or a length of time from 5s to 1d")
}

/** Wrong keys that a network may try in a minute: a script with an old key gets to know that it is wrong. */
const wrongKeys = 60
/** Networks whose wrong keys are counted. */
const networks = 10_000

const rate = (name: string, text: string | undefined): RateLimit.RateLimit | undefined => {
  const perMinute = whole(name, text, rates)
  return perMinute === undefined ? undefined : RateLimit.make(perMinute)
}

const proxies = (list: string | undefined): Proxies.Trust => {
  const trust = list === undefined ? Proxies.everybody : Proxies.parse(list)
  if (typeof trust === "function") return trust
  throw new UsageError(
    `--trusted-proxies is a comma-separated list of addresses and networks, or none; ${JSON.stringify(trust.wrong)} is no address`,
  )
}

/** Returns the root of the site as a flag gives it, without a slash at the end. Fails with a `UsageError`. */
export const siteRoot = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  const isWhole = /^https?:\/\//.test(text) && URL.canParse(text)
  const { search, hash, username } = new URL(isWhole ? text : "http://_")
  if (!isWhole || search + hash + username !== "") {
    throw new UsageError(
      `--site-root is a URL such as https://overdue.example.org, not ${JSON.stringify(text)}`,
    )
  }
  return text.replace(/\/+$/, "")
}
