/** IP addresses: whether they are on the public internet, by the registries of IANA. */
import * as net from "node:net"

/**
 * Whether an address is globally reachable unicast by the IANA IPv4 and IPv6 special-purpose registries (RFC 6890).
 * Only such addresses may be reached on behalf of a user.
 *
 * Private, loopback, link-local, CGNAT, multicast, unique-local, IPv4-mapped, tunnelled and documentation addresses are
 * not public, nor is text that is no address. An address in the NAT64 prefix 64:ff9b::/96 (RFC 6052) is public if the
 * IPv4 address in it is: on IPv6-only networks, nearly every target is reached by such an address.
 */
export const isPublic = (address: string): boolean => {
  if (net.isIPv4(address)) return !special4.check(address, "ipv4")
  const [unscoped = ""] = address.split("%")
  if (!net.isIPv6(unscoped)) return false
  if (nat64.check(unscoped, "ipv6")) return !special4.check(embedded4(unscoped), "ipv4")
  return global6.check(unscoped, "ipv6") && !special6.check(unscoped, "ipv6")
}

/** Returns the address that is the host of a URL, IPv6 without its brackets; `undefined` when the host is a name. */
export const ofHost = (host: string): { readonly address: string; readonly family: 4 | 6 } | undefined => {
  const address = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host
  const family = net.isIP(address)
  return family === 4 || family === 6 ? { address, family } : undefined
}

const blocks = (
  family: net.IPVersion,
  ...prefixes: readonly (readonly [string, number])[]
): net.BlockList => {
  const list = new net.BlockList()
  for (const [network, length] of prefixes) list.addSubnet(network, length, family)
  return list
}

const special4 = blocks(
  "ipv4",
  ["0.0.0.0", 8], // this network, RFC 791
  ["10.0.0.0", 8], // private, RFC 1918
  ["100.64.0.0", 10], // carrier-grade NAT, RFC 6598
  ["127.0.0.0", 8], // loopback, RFC 1122
  ["169.254.0.0", 16], // link-local, and the metadata services of clouds, RFC 3927
  ["172.16.0.0", 12], // private, RFC 1918
  ["192.0.0.0", 24], // protocol assignments, RFC 6890
  ["192.0.2.0", 24], // documentation, RFC 5737
  ["192.88.99.0", 24], // 6to4 relays, RFC 7526
  ["192.168.0.0", 16], // private, RFC 1918
  ["198.18.0.0", 15], // benchmarks, RFC 2544
  ["198.51.100.0", 24], // documentation, RFC 5737
  ["203.0.113.0", 24], // documentation, RFC 5737
  ["224.0.0.0", 4], // multicast, RFC 5771
  ["240.0.0.0", 4], // reserved, and broadcast, RFC 1112
)

const nat64 = blocks("ipv6", ["64:ff9b::", 96])

/** Everything that is allocated to global unicast (RFC 4291). */
const global6 = blocks("ipv6", ["2000::", 3])

const special6 = blocks(
  "ipv6",
  ["2001::", 23], // protocol assignments, Teredo among them, RFC 2928
  ["2001:db8::", 32], // documentation, RFC 3849
  ["2002::", 16], // 6to4: an IPv4 address in disguise, RFC 3056
  ["3fff::", 20], // documentation, RFC 9637
)

/** The IPv4 address in the last 32 bits of an address in 64:ff9b::/96. */
const embedded4 = (address: string): string => {
  // The URL parser writes any spelling in one way, and the four zero groups after the prefix always as "::".
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [low = 0, high = 0] = canonical
    .slice("64:ff9b::".length)
    .split(":")
    .map((group) => Number.parseInt(group || "0", 16))
    .toReversed()
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".")
}
