/** The addresses of a host on which a server listens. */
import { lookup } from "node:dns/promises"
import { isIP } from "node:net"

/**
 * Returns all addresses that a host stands for, each once: clients that know it by its name may come to any of them, and
 * `localhost` is `127.0.0.1` for some of them and `::1` for others. Addresses of a single link are left out, as they say
 * nothing without the name of the link. Rejects with Node's error when the name cannot be found.
 */
export const of = async (host: string): Promise<readonly string[]> => {
  if (host === "" || isIP(host) !== 0) return [host]
  const found = new Set((await lookup(host, { all: true })).map(({ address }) => address))
  const all = [...found]
  const lasting = all.filter((address) => !/^fe[89ab]/i.test(address))
  return lasting.length === 0 ? all : lasting
}

/** Whether an error says that an address is none of this machine, or of a kind that it does not have. */
export const isElsewhere = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT")

/** Whether an error says that somebody else has a port. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EADDRINUSE"
