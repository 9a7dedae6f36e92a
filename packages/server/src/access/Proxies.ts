/** Which proxies are trusted to say where a request came from. */
import { BlockList, isIP } from "node:net"

/** Whether the proxy at an address is trusted. */
export type Trust = (address: string) => boolean

/** Trusts every address, as Healthchecks does, which always runs behind a proxy. */
export const everybody: Trust = () => true

/**
 * Parses addresses and networks (`10.0.0.0/8`, `fd00::/8`), separated by commas; `none` trusts no proxy. Returns the
 * part that is neither an address nor a network as `wrong`.
 */
export const parse = (list: string): Trust | { readonly wrong: string } => {
  if (list === "none") return () => false
  const trusted = new BlockList()
  for (const part of list.split(",").map((part) => part.trim())) {
    if (!add(trusted, part)) return { wrong: part }
  }
  return (address) => {
    const version = isIP(address)
    return version !== 0 && trusted.check(address, version === 4 ? "ipv4" : "ipv6")
  }
}

const add = (trusted: BlockList, part: string): boolean => {
  const [address = "", bits, ...rest] = part.split("/")
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  const family = version === 4 ? "ipv4" : "ipv6"
  const prefix = bits === undefined ? undefined : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (prefix === undefined) trusted.addAddress(address, family)
  else if (prefix <= (version === 4 ? 32 : 128)) trusted.addSubnet(address, prefix, family)
  else return false
  return true
}
