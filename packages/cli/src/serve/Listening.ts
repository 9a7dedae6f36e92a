/** Opening a port, with a message that says what to do when that fails. */
import { createServer } from "node:net"
import * as Doors from "@overdue/server/http/Doors"
import * as Caught from "../Caught.ts"
import { Failure } from "../Failure.ts"
import type { Io } from "../Io.ts"

/** The address to listen on. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  /** The flags that change it. */
  readonly flags: { readonly host: string; readonly port: string }
}

/** The flags for the address of HTTP, and for that of mail. */
export const flags = {
  http: { host: "--host", port: "--port" },
  smtp: { host: "--smtp-host", port: "--smtp-port" },
} as const

/** The codes with which Node cannot listen, and what to do about each. */
const failures: Readonly<Record<string, (at: string, flags: Endpoint["flags"]) => string>> = {
  EADDRINUSE: (at, { port }) => `${at} is in use by another program; choose another port with ${port}`,
  EACCES: (at, { port }) => `this user may not listen on ${at}; choose a port above 1023 with ${port}`,
  EADDRNOTAVAIL: (at, { host }) => `${at} is not an address of this machine; choose another with ${host}`,
  ENOTFOUND: (at, { host }) => `${at} cannot be found; choose another address with ${host}`,
}

/** Resolves to what `listen` resolves to. Fails with a `Failure` when the address cannot be used. */
export const open = async <A>(endpoint: Endpoint, listen: () => Promise<A>): Promise<A> => {
  try {
    return await listen()
  } catch (error) {
    const code = Caught.code(error) ?? ""
    if (!Object.hasOwn(failures, code)) throw error
    throw new Failure(failures[code]!(place(endpoint, error), endpoint.flags))
  }
}

/** Resolves when the address can be used, and lets go of it. Fails as `open` does. */
export const tried = (endpoint: Endpoint): Promise<void> =>
  open(endpoint, () => Doors.tried(createServer, endpoint))

/** Names an address and a port; of a name that stands for several addresses, the one that could not be used. */
const place = ({ host, port }: Endpoint, error: unknown): string => {
  const { address } = error as { readonly address?: unknown } // safe because it is only looked at
  return typeof address !== "string" || address === host
    ? `${bracketed(host)}:${port}`
    : `${bracketed(address)}:${port}, which ${host} stands for as well,`
}

const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host)

/**
 * Returns what says that one of the addresses of a name is not this machine's. Of `localhost` that leads nowhere: a
 * machine may know it by an address of a kind that it does not have.
 */
export const misses =
  (host: string, io: Pick<Io, "stderr">) =>
  (address: string): void => {
    if (address === "::1" || address.startsWith("127.")) return
    io.stderr.write(
      `overdue serve: ${host} stands for ${address} as well, which is no address of this machine: who goes there does not reach this server\n`,
    )
  }
