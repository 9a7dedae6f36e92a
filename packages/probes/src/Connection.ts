/** Connections: the addresses of a target, each checked, the first of them that answers, and TLS over it. */
import * as dgram from "node:dgram"
import * as net from "node:net"
import * as tls from "node:tls"
import { domainToASCII } from "node:url"
import * as Address from "@overdue/core/Address"
import type { Attempt, Resolved } from "./Attempt.ts"
import * as CertificateOf from "./CertificateOf.ts"
import { codeOf, Failure, noAddress, ofError, Unknown } from "./Failure.ts"
import * as Limits from "./Limits.ts"

/** The reason of a target that may not be asked, which names the remedy. */
export const refusal =
  "private address: such targets are refused unless the installation allows private targets (--allow-private-targets, or allowPrivateTargets)"

/** The sentence for the log when there is no way to anywhere. */
const offline = "This machine has no way to any network; that says nothing of the target."

/** Returns a name as name servers and certificates know it, without the dot of the root. */
export const ascii = (host: string): string => {
  const name = host.replace(/\.$/, "")
  return /^[\u0000-\u007f]*$/.test(name) ? name : domainToASCII(name)
}

/** Returns the addresses of a host that may be asked, of both families in turn. Fails when there is none. */
export const addressesOf = async (attempt: Attempt, host: string): Promise<readonly Resolved[]> => {
  const literal = Address.ofHost(host)
  const found = literal === undefined ? await resolved(attempt, ascii(host)) : [literal]
  if (found.length === 0) throw new Failure(noAddress)
  const allowed = found.filter(({ address }) => attempt.means.isAllowed(address))
  if (allowed.length === 0) throw new Failure(refusal)
  return inTurn(allowed).slice(0, Limits.addresses)
}

const resolved = async (attempt: Attempt, host: string): Promise<readonly Resolved[]> => {
  const startedAt = performance.now()
  try {
    return await attempt.means.resolve(host)
  } catch (cause) {
    // It is what the resolver says as well when there is no way to a name server.
    if (codeOf(cause) === "EAI_AGAIN" && !(await attempt.means.isOnline())) throw new Unknown(offline)
    throw ofError(cause)
  } finally {
    attempt.took("dns", startedAt)
  }
}

/** The families in turn, beginning with that of the first, which the resolver prefers (RFC 8305 §4). */
const inTurn = (addresses: readonly Resolved[]): readonly Resolved[] => {
  const ofFirst = addresses.filter(({ family }) => family === addresses[0]?.family)
  const others = addresses.filter(({ family }) => family !== addresses[0]?.family)
  return ofFirst
    .flatMap((address, index) => [address, ...others.slice(index, index + 1)])
    .concat(others.slice(ofFirst.length))
}

/** Where to connect to. */
export interface Place {
  readonly host: string
  readonly port: number
}

/** Connects to a host, by whichever of its addresses answers first. */
export const open = async (attempt: Attempt, { host, port }: Place): Promise<net.Socket> => {
  const addresses = await addressesOf(attempt, host)
  const startedAt = performance.now()
  const errors: unknown[] = []
  const socket = await first(attempt, { addresses, port, errors })
  if (socket === undefined) throw await reasonOf(attempt, errors)
  attempt.took("connect", startedAt)
  return socket
}

interface Race {
  readonly addresses: readonly Resolved[]
  readonly port: number
  /** What has gone wrong, which the race adds to. */
  readonly errors: unknown[]
}

/**
 * Returns the connection to the address that answers first; `undefined` when none does. Node's own `autoSelectFamily` gives
 * an address up when it begins with the next, so that a host far away is reached by its last address or not at all.
 */
const first = (attempt: Attempt, { addresses, port, errors }: Race): Promise<net.Socket | undefined> =>
  new Promise((resolve) => {
    const waiting = [...addresses]
    const running = new Set<net.Socket>()
    let timer: NodeJS.Timeout | undefined
    attempt.closing(() => clearTimeout(timer))
    const next = (): void => {
      clearTimeout(timer)
      const address = waiting.shift()
      if (address === undefined) {
        if (running.size === 0) resolve(undefined)
        return
      }
      const socket = net.connect({ host: address.address, port, family: address.family, noDelay: true })
      running.add(socket)
      attempt.closing(() => socket.destroy(), socket)
      socket.once("connect", () => {
        clearTimeout(timer)
        running.delete(socket)
        waiting.length = 0
        for (const other of running) other.destroy()
        resolve(socket)
      })
      socket.on("error", (cause) => {
        // Of a connection that stands, whoever uses it hears its errors; nobody may have begun yet.
        if (!running.delete(socket)) return
        errors.push(cause)
        next()
      })
      if (waiting.length > 0) timer = setTimeout(next, Limits.stagger)
    }
    next()
  })

/** Returns why no address could be connected to: what one of them said is more than that there was no way to others. */
export const reasonOf = async (attempt: Attempt, errors: readonly unknown[]): Promise<Failure | Unknown> => {
  const noWay = new Set(["ENETUNREACH", "EADDRNOTAVAIL"])
  const telling = errors.find((cause) => !noWay.has(codeOf(cause) ?? ""))
  if (telling !== undefined) return ofError(telling)
  const unreachable = errors.find((cause) => codeOf(cause) === "ENETUNREACH")
  if (unreachable !== undefined && !(await attempt.means.isOnline())) return new Unknown(offline)
  return ofError(unreachable ?? errors[0])
}

/**
 * Encrypts a connection, and notes the certificate. Fails when that must be valid and is not, before anything was sent
 * to whoever has shown it.
 */
export const secure = async (attempt: Attempt, socket: net.Socket, host: string): Promise<tls.TLSSocket> => {
  const startedAt = performance.now()
  const literal = Address.ofHost(host)
  const name = ascii(host)
  if (socket.destroyed) throw new Failure("connection closed")
  const encrypted = tls.connect({
    socket,
    host: literal?.address.replace(/%.*$/s, "") ?? name,
    servername: literal === undefined ? name : "",
    secureContext: attempt.means.secureContext(),
    ALPNProtocols: ["http/1.1"].slice(attempt.url.kind === "http" ? 0 : 1),
    // It is judged below, so that it is known also when it is refused.
    rejectUnauthorized: false,
  })
  attempt.closing(() => encrypted.destroy(), socket)
  await new Promise<void>((resolve, reject) => {
    encrypted.once("secureConnect", resolve)
    encrypted.on("error", (cause) => reject(ofError(cause)))
    encrypted.once("close", () => reject(new Failure("connection closed")))
  })
  attempt.took("tls", startedAt)
  const certificate = CertificateOf.socket(encrypted, host)
  attempt.seen.certificate = certificate
  if (certificate.error !== undefined && attempt.probe.verifiesCertificate)
    throw new Failure(certificate.error)
  return encrypted
}

/** Connects, and encrypts when the target is to be encrypted from the first byte on. */
export const openAs = async (attempt: Attempt, place: Place, isTls: boolean): Promise<net.Socket> => {
  const socket = await open(attempt, place)
  return isTls ? secure(attempt, socket, place.host) : socket
}

/** Addresses of root name servers, to which nothing is sent. */
const far = [
  ["udp4", "198.41.0.4"],
  ["udp6", "2001:503:ba3e::2:30"],
] as const

/** Whether this machine has a way to the internet, by its own table: a UDP socket that connects sends nothing. */
export const isOnline = async (): Promise<boolean> => {
  const ways = far.map(
    ([type, address]) =>
      new Promise<boolean>((resolve) => {
        const socket = dgram.createSocket(type)
        const end = (hasWay: boolean) => {
          socket.removeAllListeners("connect").close()
          resolve(hasWay)
        }
        socket.once("error", () => end(false))
        socket.once("connect", () => end(true))
        socket.connect(53, address)
      }),
  )
  return (await Promise.all(ways)).includes(true)
}
