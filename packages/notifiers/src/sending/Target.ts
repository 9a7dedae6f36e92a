/** Where a request goes: a URL, and the addresses that were found for its host and may be connected to. */
import * as dns from "node:dns/promises"
import * as Effect from "effect/Effect"
import * as Address from "./Address.ts"
import * as Unsent from "./Unsent.ts"

/** An address of a host. */
export interface Resolved {
  readonly address: string
  /** 4 or 6. */
  readonly family: number
}

/** Finds the addresses of a host name; rejects as `node:dns` does. */
export type Resolve = (host: string) => Promise<readonly Resolved[]>

export interface Target {
  readonly url: URL
  /** Not empty; the only addresses to connect to, so that a second answer of the name server changes nothing. */
  readonly addresses: readonly Resolved[]
}

/** Asks the system, as every other program on the machine would: hosts file, search domains and name servers. */
export const systemResolve: Resolve = (host) => dns.lookup(host, { all: true })

/** Resolves a URL's host and leaves out the addresses that are not allowed. Fails for good when none is left. */
export const make = Effect.fnUntraced(function* (
  url: URL,
  options: { readonly resolve: Resolve; readonly isAllowed: (address: string) => boolean },
): Effect.fn.Return<Target, Unsent.Unsent> {
  const literal = Address.ofHost(url.hostname)
  const found =
    literal !== undefined
      ? [literal]
      : yield* Effect.tryPromise({ try: () => options.resolve(url.hostname), catch: Unsent.ofError })
  if (found.length === 0) return yield* Unsent.forNow("the host name has no address")
  const addresses = found.filter(({ address }) => options.isAllowed(address))
  if (addresses.length === 0) return yield* Unsent.forGood(refusal(url.hostname))
  return { url, addresses }
})

const refusal = (host: string): string =>
  `${host} is a private address, or resolves to one; such targets are refused unless the installation allows ` +
  `private targets (--allow-private-targets, or allowPrivateTargets)`
