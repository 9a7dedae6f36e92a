/** The server that management commands talk to, as flags and environment name it. */
import { ClientError, connect } from "@overdue/client/management"
import type { Fetch } from "@overdue/client"
import type { Management } from "@overdue/client/management"
import * as Caught from "./Caught.ts"
import { Failure, UsageError } from "./Failure.ts"
import { fetch } from "./Fetch.ts"
import type { Flags, Values } from "./Flags.ts"
import { defaultUrl, site } from "./Target.ts"

/** The address of the server, and a key that names the project. */
export const flags = {
  url: { kind: "text", value: "URL", env: "OVERDUE_URL", default: defaultUrl, help: "address of the server" },
  "api-key": { kind: "text", value: "KEY", env: "OVERDUE_API_KEY", help: "an API key of the project" },
} as const satisfies Flags

/** `--json`: for programs, what the server answered. */
export const jsonFlag = { kind: "switch", help: "print the server's answer as JSON" } as const

/** Calls the management API. Fails with a `UsageError` without a key, and with a `Failure` when the server refuses. */
export const use = async <A>(
  given: Values<typeof flags>,
  call: (api: Management) => Promise<A>,
  { fetch: through = fetch }: { readonly fetch?: Fetch } = {},
): Promise<A> => {
  const { url = defaultUrl, "api-key": apiKey } = given
  if (apiKey === undefined) {
    throw new UsageError("this command needs an API key: give --api-key KEY, or set OVERDUE_API_KEY")
  }
  try {
    const patience = { attempts: 3, total: 30_000, fetch: through }
    return await call(connect({ baseUrl: site(url), apiKey, ...patience }))
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    throw new Failure(`${error.message}${advice(error, url)}`, { cause: error })
  }
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
