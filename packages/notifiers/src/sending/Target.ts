/** Targets: a URL, and the addresses of its host that may be connected to. */
import * as dns from "node:dns/promises"
import * as Effect from "effect/Effect"
import * as Address from "@overdue/core/Address"
import * as Unsent from "./Unsent.ts"

/** An address of a host. */
export interface Resolved {
  readonly address: string
  /** 4 or 6. */
  readonly family: number
}

/** Finds the addresses of a host name; rejects as `node:dns` does. */
export type Resolve = (host: string) => Promise<readonly Resolved[]>

/** Where a request goes. */
export interface Target {
  readonly url: URL
  /** Not empty. No other address is connected to, even if the name server gives another one later (DNS rebinding). */
  readonly addresses: readonly Resolved[]
}

/** Resolves as other programs on the machine do: hosts file, search domains, name servers. */
export const systemResolve: Resolve = (host) => dns.lookup(host, { all: true })

/**
 * Returns the target of a URL, with the addresses of its host that are allowed. When none is, fails for good if the URL
 * itself has the address, and otherwise for now: a name server may give another one in a minute.
 */
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
  if (addresses.length === 0) {
    const why = refusal(url.hostname)
    return yield* literal === undefined ? Unsent.forNow(why) : Unsent.forGood(why)
  }
  return { url, addresses }
})

const refusal = (host: string): string =>
  `${host} is a private address, or resolves to one; such targets are refused unless the installation allows ` +
  `private targets (--allow-private-targets, or allowPrivateTargets)`
