/** The server that management commands talk to, as flags and environment name it. */
import { ClientError, connect } from "@overdue/client/management"
import type { Fetch } from "@overdue/client"
import type { Management } from "@overdue/client/management"
import * as Caught from "./Caught.ts"
import { Failure, UsageError } from "./Failure.ts"
import { fetch } from "./Fetch.ts"
import type { Flags, Values } from "./Flags.ts"
import * as Healthchecks from "./Healthchecks.ts"
import type { Io } from "./Io.ts"
import * as Notes from "./Notes.ts"
import { defaultUrl, key, site } from "./Target.ts"

/** The address of the server, and a key that names the project. */
export const flags = {
  url: { kind: "text", value: "URL", env: "OVERDUE_URL", default: defaultUrl, help: "address of the server" },
  "api-key": { kind: "text", value: "KEY", env: "OVERDUE_API_KEY", help: "an API key of the project" },
} as const satisfies Flags

/** `--json`: for programs, what the server answered. */
export const jsonFlag = { kind: "switch", help: "print the server's answer as JSON" } as const

/** How the management API is called. */
export interface Terms {
  readonly fetch?: Fetch
  /** What a server of Healthchecks cannot do of this, and what to do instead, after "the server is one of Healthchecks, ". */
  readonly lacks?: string
}

/** What has been said by this process: `watch` asks again and again. */
const said = new Set<string>()

/**
 * Calls the management API, and says what an answer leaves out because its record is damaged. Fails with a `UsageError`
 * without a key, and with a `Failure` when the server refuses.
 */
export const use = async <A>(
  io: Io,
  given: Values<typeof flags>,
  call: (api: Management) => Promise<A>,
  { fetch: through = fetch, lacks }: Terms = {},
): Promise<A> => {
  const { url = defaultUrl, "api-key": apiKey } = given
  if (apiKey === undefined) {
    throw new UsageError("this command needs an API key: give --api-key KEY, or set OVERDUE_API_KEY")
  }
  const noting: Fetch = async (...asked) => {
    const answer = await through(...asked)
    const warning = answer.headers.get("overdue-warning")
    if (warning !== null && !said.has(warning)) {
      said.add(warning)
      Notes.print(io, [{ text: warning }])
    }
    return answer
  }
  const api = connect({ baseUrl: site(url), apiKey: key(apiKey), attempts: 3, total: 30_000, fetch: noting })
  try {
    return await call(api)
  } catch (error) {
    if (lacks !== undefined && (await isLacking(error, api))) {
      throw new Failure(`the server is one of Healthchecks, ${lacks}`, { cause: error })
    }
    if (!(error instanceof ClientError)) throw error
    throw new Failure(`${error.message}${advice(error, url)}`, { cause: error })
  }
}

/** Whether a call failed because the server is one of Healthchecks, which has no such endpoint. */
const isLacking = async (error: unknown, api: Management): Promise<boolean> => {
  const refusal = error instanceof Failure ? error.cause : error
  if (!(refusal instanceof ClientError) || (refusal.status !== 404 && refusal.status !== 405)) return false
  return await Healthchecks.isOne(api).catch(() => false)
}

/** What to look at when a call fails for a reason outside of the call. */
const advice = (error: ClientError, url: string): string => {
  const { _tag, status } = error
  if (status === 403) return ofLimit(error)
  if (_tag === "Denied") {
    return "; check --api-key or OVERDUE_API_KEY: changes, and the list of channels, need a key that is not read-only"
  }
  if (_tag === "Unreachable" || _tag === "TimedOut") {
    return `; check that a server runs at ${new URL(url).origin}, or name another with --url or OVERDUE_URL`
  }
  return ""
}

/** Returns why one of several calls failed, for a message that names it. */
export const why = (error: unknown): string =>
  Caught.message(error) + (error instanceof ClientError ? ofLimit(error) : "")

/** A key that is wrong gets a 401. A server that says why it answers 403 says more than can be guessed here. */
const ofLimit = ({ status, message }: ClientError): string =>
  status !== 403 || message.includes(": ")
    ? ""
    : "; most likely the project has as many checks as its limit allows: delete some that are no longer needed, or raise the limit of the project"
