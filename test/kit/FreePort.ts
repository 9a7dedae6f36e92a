/** Ports of loopback that nobody listens on, for programs that cannot choose one themselves. */
import { once } from "node:events"
import { createServer, type AddressInfo } from "node:net"

/** Resolves to a port that is free now: whoever is quicker may take it. */
export const find = async (): Promise<number> => {
  const taken = createServer().listen(0, "127.0.0.1")
  await once(taken, "listening")
  const { port } = taken.address() as AddressInfo // safe because a listening TCP server has an address record
  taken.close()
  await once(taken, "close")
  return port
}
