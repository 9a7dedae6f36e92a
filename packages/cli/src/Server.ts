/** The project that management commands work on, as flags and environment say it. */
import { ClientError, connect } from "@overdue/client/management"
import type { Management } from "@overdue/client/management"
import { Failure, UsageError } from "./Failure.ts"
import type { Flags, Values } from "./Flags.ts"
import { defaultUrl, site } from "./Target.ts"

export const connectionFlags = {
  url: { kind: "text", value: "URL", env: "OVERDUE_URL", default: defaultUrl, help: "the server" },
  "api-key": { kind: "text", value: "KEY", env: "OVERDUE_API_KEY", help: "an API key of the project" },
} as const satisfies Flags

export const jsonFlag = { kind: "switch", help: "print what the server answered, for programs" } as const

/** Calls the management API; what the server refuses becomes a `Failure` that says what to do. */
export const use = async <A>(
  flags: Values<typeof connectionFlags>,
  call: (api: Management) => Promise<A>,
): Promise<A> => {
  const { url = defaultUrl, "api-key": apiKey } = flags
  if (apiKey === undefined) throw new UsageError("this needs an API key: --api-key KEY or OVERDUE_API_KEY")
  try {
    return await call(connect({ baseUrl: site(url), apiKey, attempts: 3, total: 30_000 }))
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    throw new Failure(`${error.message}${advice(error, url)}`, { cause: error })
  }
}

const advice = ({ _tag }: ClientError, url: string): string => {
  if (_tag === "Denied")
    return "; the key is --api-key or OVERDUE_API_KEY, and changes need one that may write"
  if (_tag === "Unreachable" || _tag === "TimedOut") return `; the server is ${new URL(url).origin}`
  return ""
}
