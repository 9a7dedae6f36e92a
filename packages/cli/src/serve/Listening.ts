/** Opens a port, or says what to do when that cannot be. */
import { Failure } from "../Failure.ts"

export interface Door {
  readonly host: string
  readonly port: number
  /** The flags that move it. */
  readonly flags: { readonly host: string; readonly port: string }
}

/** What Node says when it cannot listen, and what to do about it. */
const failures: Readonly<Record<string, (at: string, flags: Door["flags"]) => string>> = {
  EADDRINUSE: (at, { port }) => `${at} is in use by another program; choose another port with ${port}`,
  EACCES: (at, { port }) => `this user may not listen on ${at}; choose a port above 1023 with ${port}`,
  EADDRNOTAVAIL: (at, { host }) => `${at} is no address of this machine; choose another with ${host}`,
  ENOTFOUND: (at, { host }) => `${at} is no address that can be found; choose another with ${host}`,
}

/** What `listen` resolves to. What nobody foresaw rejects as it is. */
export const open = async <A>(door: Door, listen: () => Promise<A>): Promise<A> => {
  try {
    return await listen()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ""
    if (!Object.hasOwn(failures, code)) throw error
    throw new Failure(failures[code]!(`${door.host}:${door.port}`, door.flags))
  }
}
