/** A Healthchecks server, of whatever age, as somebody who moves away from it reads it. */
import { ClientError, insteadOfJson, send, type Fetch } from "@overdue/client/retry"
import { Failure } from "../Failure.ts"
import * as Redirect from "@overdue/client/redirect"
import { fetchOnce } from "../Fetch.ts"
import * as Waiting from "./Waiting.ts"

/** A check as any version of the API answers it; old versions lack some of the fields. */
export type SourceCheck = Readonly<Record<string, unknown>>

/** A channel, whose value the API does not tell. */
export interface SourceChannel {
  readonly id: string
  readonly name: string
  readonly kind: string
}

/** What a project on the server has. */
export interface Source {
  /** The newest version of the API that the server has. */
  readonly version: 1 | 2 | 3
  readonly checks: readonly SourceCheck[]
  /** `undefined` when they could not be read; `untold` says why. */
  readonly channels: readonly SourceChannel[] | undefined
  /** The address of the badge of all checks; `undefined` when it could not be read; `untold` says why. */
  readonly badge: string | undefined
  /** Sentences about what could not be read. */
  readonly untold: readonly string[]
}

/** Where the project is, and the key that opens it. */
export interface Origin {
  /** The site, without `/api/v3`. */
  readonly url: string
  readonly key: string
  /** Prints a line for the person who waits. */
  readonly say: (line: string) => void
  /** For tests. */
  readonly clock?: Waiting.Clock
}

/** Milliseconds for one list: one of hundreds of checks takes an old machine its time. */
const timeout = 60_000

/** Reads a project. Fails with a `Failure` that says what to do when the server or the key is not the right one. */
export const read = async (origin: Origin): Promise<Source> => {
  const { now = Date.now } = origin.clock ?? {}
  const reading: Reading = { origin, end: now() + Waiting.total, now }
  const { version, checks } = await checksOf(reading)
  // One after the other: a server that is busy is not asked twice, and says so once.
  const channels = await optional(reading, version, "channels")
  const badges = await optional(reading, version, "badges")
  const badge = member(member(badges.value, "*"), "svg")
  const listed = Array.isArray(channels.value) ? channels.value.filter(isChannel) : undefined
  return {
    version,
    checks,
    channels: listed,
    badge: typeof badge === "string" ? badge : undefined,
    untold: [
      ...(listed !== undefined ? [] : [`the channels: ${channels.why ?? "the server does not tell them"}`]),
      ...(typeof badge === "string"
        ? []
        : [`the key of badges by tag: ${badges.why ?? "the server does not tell it"}`]),
    ],
  }
}

/** A server that is being read, and until when: all lists together take no longer than one may. */
interface Reading {
  readonly origin: Origin
  readonly end: number
  readonly now: () => number
}

const checksOf = async (reading: Reading): Promise<Pick<Source, "version" | "checks">> => {
  for (const version of [3, 2, 1] as const) {
    const document = await get(reading, version, "checks")
    if (document === undefined) continue
    const checks = Array.isArray(document) ? document.filter(isRecord) : undefined
    if (checks === undefined) break
    return { version, checks }
  }
  throw new Failure(
    `${site(reading.origin)} answers, but not as Healthchecks does: --url is the address of the site, without /api`,
  )
}

/** Older servers do not have all lists, and a server that fails with one can still be left. */
const optional = async (reading: Reading, version: Source["version"], name: string) => {
  try {
    return { value: await get(reading, version, name), why: undefined }
  } catch (error) {
    if (error instanceof Failure) return { value: undefined, why: error.message }
    throw error
  }
}

/** Returns the list of a name; `undefined` when the server does not have it. Fails when it cannot be read. */
const get = async (
  { origin, end, now }: Reading,
  version: Source["version"],
  name: string,
): Promise<unknown> => {
  const url = new URL(origin.url)
  const { host } = url
  // Whoever copies an address of the API means its site.
  url.pathname = `${url.pathname.replace(/(\/api(\/v\d)?)?\/*$/, "")}/api/v${version}/${name}/`
  url.search = ""
  url.hash = ""
  const { say, clock } = origin
  const waiting = Waiting.watch({ host, fetch: following, say, clock })
  try {
    const { text } = await send(
      url,
      { method: "GET", headers: { "X-Api-Key": origin.key } },
      { ...waiting.patience, timeout, total: Math.max(1, end - now()) },
    )
    return member(parsed(text, origin), name)
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    if (error._tag === "NotFound") return undefined
    const advice =
      error._tag === "Denied" ? "; --key is an API key of the project there that may read and write" : ""
    throw new Failure(`${site(origin)}: ${waiting.end(error)}${advice}`, { cause: error })
  }
}

const site = ({ url }: Origin): string => new URL(url).origin

const parsed = (text: string, origin: Origin): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Failure(
      `${site(origin)}: ${insteadOfJson(text)}; --url is the address of the site, without /api`,
      { cause },
    )
  }
}

const member = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined)

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isChannel = (value: unknown): value is SourceChannel =>
  isRecord(value) &&
  typeof value["id"] === "string" &&
  typeof value["name"] === "string" &&
  typeof value["kind"] === "string"

/** Returns where a redirect leads; `undefined` when that is no address that a request can be sent to. */
const locationOf = (location: string, from: URL): URL | undefined => {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  return next !== undefined && /^https?:$/.test(next.protocol) ? next : undefined
}

/** Follows redirects of the same host only: the key in the request is a secret of that host. */
const following: Fetch = async (url, init) => {
  let address = new URL(url)
  for (let redirects = 0; ; redirects++) {
    const response = await fetchOnce(address, init)
    const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null
    if (location === null) return response
    const next = locationOf(location, address)
    await response.text()
    const isDowngrade = address.protocol === "https:" && next?.protocol !== "https:"
    const refusal =
      next === undefined
        ? "it leads to what is no address of a site"
        : next.hostname !== address.hostname || isDowngrade
          ? `it leads to ${next.origin}, where the key was not sent; if that is the server, give it as --url`
          : redirects === Redirect.mostRedirects
            ? "it leads from one address to another without end"
            : undefined
    if (next === undefined || refusal !== undefined) {
      const text = JSON.stringify({ error: refusal })
      return { ...response, text: async () => text }
    }
    address = next
  }
}
