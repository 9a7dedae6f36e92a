/**
 * The sockets of a server that listen on its port.
 *
 * Node accepts one new connection of a socket at each turn of the event loop (libuv 1.52), and turns in which much is
 * asked for take tens of milliseconds: whoever opens a connection to ping waits for all who opened one before. Where the
 * system hands connections to many sockets in equal parts, a port has many.
 */
import type { Server } from "node:net"
import * as Addresses from "./Addresses.ts"

/** Where to listen. */
export interface Options {
  /** An address, or a name: then on all addresses that it stands for. */
  readonly host: string
  /** 0 picks a port that is free on all of them. */
  readonly port: number
  /** Is told each of several addresses that is none of this machine: who goes there does not come here. */
  readonly onMissed?: ((address: string) => void) | undefined
  /** Returns the addresses that the host stands for; by default the system says so. */
  readonly addresses?: (host: string) => Promise<readonly string[]>
}

/** How often a port is picked until it is free on all addresses. */
const picks = 20

/**
 * As many as let in five hundred connections in eight turns, each of which takes a tenth of a second where a server has all
 * the requests that it can answer.
 */
export const most = 64

/**
 * How many connections wait at each socket to be let in. All together they are as many as a busy server answers in a second
 * or two: whoever comes behind them would have given up, and who sends and leaves would be waited for all the same.
 */
const backlog = 64

/** Systems that share a port out between sockets of one process (`SO_REUSEPORT`); others refuse, or prefer one. */
const sharing: readonly NodeJS.Platform[] = ["linux", "freebsd"]

/**
 * Returns servers that listen on one port of all addresses of the host: as many as each can have, and at least one.
 * Rejects with Node's error when one of the addresses cannot be used (`EADDRINUSE`, `EACCES`), for another program would
 * have a part of the clients there; and when none of them is of this machine (`EADDRNOTAVAIL`).
 */
export const open = async <S extends Server>(
  make: () => S,
  options: Options,
): Promise<readonly [S, ...S[]]> => {
  const addresses = await (options.addresses ?? Addresses.of)(options.host)
  for (let picked = 1; ; picked++) {
    try {
      return await onAll(make, addresses, options)
    } catch (error) {
      if (options.port !== 0 || picked === picks || !Addresses.isTaken(error)) throw error
    }
  }
}

/**
 * Resolves when a port can be listened on at the addresses of the host; rejects as `open` does. It lets go of the port
 * again, so that whoever has much to do before can know at once that it would be in vain.
 */
export const tried = async (make: () => Server, options: Options): Promise<void> => {
  for (const address of await (options.addresses ?? Addresses.of)(options.host)) {
    try {
      await closed(await listening(make(), { host: address, port: options.port }))
    } catch (error) {
      // Whether another of them is of this machine is found out in the end.
      if (!Addresses.isElsewhere(error)) throw error
    }
  }
}

const onAll = async <S extends Server>(
  make: () => S,
  addresses: readonly string[],
  { port, onMissed }: Options,
): Promise<readonly [S, ...S[]]> => {
  const opened: S[] = []
  const missed: { readonly address: string; readonly error: unknown }[] = []
  for (const address of addresses) {
    const [first] = opened
    try {
      const at = { host: address, port: first === undefined ? port : portOf(first) }
      opened.push(...(await onAddress(make, at)))
    } catch (error) {
      if (!Addresses.isElsewhere(error)) {
        for (const server of opened) server.close()
        throw error
      }
      missed.push({ address, error })
    }
  }
  const [first, ...others] = opened
  if (first === undefined) throw missed[0]!.error
  for (const { address } of missed) onMissed?.(address)
  return [first, ...others]
}

const onAddress = async <S extends Server>(
  make: () => S,
  { host, port }: Options,
): Promise<readonly [S, ...S[]]> => {
  const shared = sharing.includes(process.platform)
  // A port that is shared can be shared by another process of the same user as well, which would then get half of the
  // connections: nobody else may be listening there. The system picks only ports that nobody has.
  if (shared && port !== 0) await closed(await listening(make(), { host, port }))
  const first = await listening(make(), { host, port, reusePort: shared })
  return shared ? [first, ...(await beside(first, make, host))] : [first]
}

/** Returns the further servers on the port of a first one, until the system refuses one. */
const beside = async <S extends Server>(first: S, make: () => S, host: string): Promise<readonly S[]> => {
  const doors: S[] = []
  try {
    for (let count = 1; count < most; count++)
      doors.push(await listening(make(), { host, port: portOf(first), reusePort: true }))
  } catch {
    // The others do.
  }
  return doors
}

/** Returns the port of a server that listens on TCP. */
export const portOf = (server: Server): number => (server.address() as { port: number }).port // safe because it listens on TCP

const listening = <S extends Server>(
  server: S,
  options: Options & { readonly reusePort?: boolean },
): Promise<S> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen({ ...options, backlog }, () => {
      server.off("error", reject)
      resolve(server)
    })
  })

/** Accepts no further connections; resolves when there are none any more. */
export const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
  })
