/** A Healthchecks server, of whatever age, as somebody who moves away from it reads it. */
import { ClientError, send, type Fetch } from "@overdue/client/retry"
import { Failure } from "../Failure.ts"
import { fetchOnce } from "../Fetch.ts"

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
  /** `undefined`: the server does not tell. */
  readonly channels: readonly SourceChannel[] | undefined
  /** The address of the badge of all checks; `undefined`: the server does not tell. */
  readonly badge: string | undefined
}

/** Where the project is, and the key that opens it. */
export interface Origin {
  /** The site, without `/api/v3`. */
  readonly url: string
  readonly key: string
}

/** A list of hundreds of checks takes an old machine its time, and a limit of requests is over within a minute. */
const patience = { attempts: 8, timeout: 60_000, total: 300_000 }

/** Reads a project. Fails with a `Failure` that says what to do when the server or the key is not the right one. */
export const read = async (origin: Origin): Promise<Source> => {
  const { version, checks } = await checksOf(origin)
  const documents = await Promise.all([
    optional(origin, version, "channels"),
    optional(origin, version, "badges"),
  ])
  const [channels, badges] = documents
  const badge = member(member(badges, "*"), "svg")
  return {
    version,
    checks,
    channels: Array.isArray(channels) ? channels.filter(isChannel) : undefined,
    badge: typeof badge === "string" ? badge : undefined,
  }
}

const checksOf = async (origin: Origin): Promise<Pick<Source, "version" | "checks">> => {
  for (const version of [3, 2, 1] as const) {
    const document = await get(origin, version, "checks")
    if (document === undefined) continue
    const checks = Array.isArray(document) ? document.filter(isRecord) : undefined
    if (checks === undefined) break
    return { version, checks }
  }
  throw new Failure(
    `${site(origin)} answers, but not as Healthchecks does: --url is the address of the site, without /api`,
  )
}

/** Older servers do not have all lists, and a server that fails with one can still be left. */
const optional = async (origin: Origin, version: Source["version"], name: string): Promise<unknown> => {
  try {
    return await get(origin, version, name)
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

/** Returns the list of a name; `undefined` when the server does not have it. Fails when it cannot be read. */
const get = async (origin: Origin, version: Source["version"], name: string): Promise<unknown> => {
  const url = `${origin.url.replace(/\/+$/, "")}/api/v${version}/${name}/`
  try {
    const { text } = await send(
      url,
      { method: "GET", headers: { "X-Api-Key": origin.key } },
      { ...patience, fetch: following },
    )
    return member(parsed(text), name)
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    if (error._tag === "NotFound") return undefined
    const advice =
      error._tag === "Denied" ? "; --key is an API key of the project there that may read and write" : ""
    throw new Failure(`${site(origin)}: ${error.message}${advice}`, { cause: error })
  }
}

const site = ({ url }: Origin): string => new URL(url).origin

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
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

/** Longer chains are most likely a loop. */
const mostRedirects = 5

/** Follows redirects of the same host only: the key in the request is a secret of that host. */
const following: Fetch = async (url, init) => {
  let address = new URL(url)
  for (let redirects = 0; ; redirects++) {
    const response = await fetchOnce(address, init)
    const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null
    if (location === null) return response
    const next = new URL(location, address)
    await response.text()
    const isDowngrade = address.protocol === "https:" && next.protocol !== "https:"
    const refusal =
      next.hostname !== address.hostname || isDowngrade
        ? `it leads to ${next.origin}, where the key was not sent; if that is the server, give it as --url`
        : redirects === mostRedirects
          ? "it leads from one address to another without end"
          : undefined
    if (refusal !== undefined) {
      const text = JSON.stringify({ error: refusal })
      return { ...response, text: async () => text }
    }
    address = next
  }
}
