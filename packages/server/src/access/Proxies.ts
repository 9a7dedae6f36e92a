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

/**
 * Returns the network that one client may be expected to have: an IPv4 address, or the first 64 bits of an IPv6 address,
 * of which the smallest customer has 2^64 (RFC 6177). What is no address is returned as it is.
 */
export const network = (address: string): string => {
  const [bare = ""] = address.split("%")
  if (isIP(bare) !== 6) return address
  const [head = "", tail] = bare.split("::")
  const [first, last] = [head, tail ?? ""].map((part) => (part === "" ? [] : part.split(":"))) as [
    string[],
    string[],
  ] // safe because there are two
  // An IPv4 address at the end stands for two groups, which are not among the first four.
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...last].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`
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
