/** IP addresses: what a text is one of, and whether it is on the public internet, by the registries of IANA. */

/** An address that is the host of a URL. */
export interface HostAddress {
  /** Of IPv6 without brackets. */
  readonly address: string
  readonly family: 4 | 6
}

/**
 * Whether an address is globally reachable unicast by the IANA IPv4 and IPv6 special-purpose registries (RFC 6890).
 * Only such addresses may be reached on behalf of a user.
 *
 * Private, loopback, link-local, CGNAT, multicast, unique-local, IPv4-mapped, tunnelled and documentation addresses are
 * not public, nor is text that is no address. An address in the NAT64 prefix 64:ff9b::/96 (RFC 6052) is public if the
 * IPv4 address in it is: on IPv6-only networks, nearly every target is reached by such an address.
 */
export const isPublic = (address: string): boolean => {
  const four = bytesOf(address)
  if (four !== undefined) return isPublic4(four)
  const six = groupsOf(address)
  if (six === undefined) return false
  if (isWithin(six, 16, nat64)) return isPublic4(six.slice(6).flatMap((group) => [group >> 8, group & 0xff]))
  return isWithin(six, 16, global6) && !special6.some((block) => isWithin(six, 16, block))
}

/** Returns the address that is the host of a URL, IPv6 with or without brackets; `undefined` when the host is a name. */
export const ofHost = (host: string): HostAddress | undefined => {
  const address = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host
  const family = familyOf(address)
  return family === undefined ? undefined : { address, family }
}

/** Returns the family of an address; `undefined` when the text is none. IPv6 may have a zone: `fe80::1%eth0`. */
export const familyOf = (text: string): 4 | 6 | undefined => {
  if (bytesOf(text) !== undefined) return 4
  return groupsOf(text) === undefined ? undefined : 6
}

/** A network: its first parts, and how many bits they have. */
type Block = readonly [parts: readonly number[], length: number]

const special4: readonly Block[] = [
  [[0], 8], // this network, RFC 791
  [[10], 8], // private, RFC 1918
  [[100, 64], 10], // carrier-grade NAT, RFC 6598
  [[127], 8], // loopback, RFC 1122
  [[169, 254], 16], // link-local, and the metadata services of clouds, RFC 3927
  [[172, 16], 12], // private, RFC 1918
  [[192, 0, 0], 24], // protocol assignments, RFC 6890
  [[192, 0, 2], 24], // documentation, RFC 5737
  [[192, 88, 99], 24], // 6to4 relays, RFC 7526
  [[192, 168], 16], // private, RFC 1918
  [[198, 18], 15], // benchmarks, RFC 2544
  [[198, 51, 100], 24], // documentation, RFC 5737
  [[203, 0, 113], 24], // documentation, RFC 5737
  [[224], 4], // multicast, RFC 5771
  [[240], 4], // reserved, and broadcast, RFC 1112
]

const nat64: Block = [[0x64, 0xff9b], 96]

/** Everything that is allocated to global unicast (RFC 4291). */
const global6: Block = [[0x2000], 3]

const special6: readonly Block[] = [
  [[0x2001], 23], // protocol assignments, Teredo among them, RFC 2928
  [[0x2001, 0xdb8], 32], // documentation, RFC 3849
  [[0x2002], 16], // 6to4: an IPv4 address in disguise, RFC 3056
  [[0x3fff], 20], // documentation, RFC 9637
]

const isPublic4 = (bytes: readonly number[]): boolean => !special4.some((block) => isWithin(bytes, 8, block))

/** Whether the parts of an address, of so many bits each, begin as those of a network. */
const isWithin = (parts: readonly number[], bits: number, [network, length]: Block): boolean => {
  for (let index = 0; index * bits < length; index++) {
    const rest = Math.max(0, bits - (length - index * bits))
    if ((parts[index] ?? 0) >> rest !== (network[index] ?? 0) >> rest) return false
  }
  return true
}

/** The bytes of an IPv4 address as inet_pton(3) reads it: four decimal numbers without leading zeros. */
const bytesOf = (text: string): readonly number[] | undefined => {
  if (text.length > 15) return undefined
  const parts = text.split(".")
  const areBytes =
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  return areBytes ? parts.map(Number) : undefined
}

/** The eight groups of an IPv6 address (RFC 4291 §2.2), whose zone does not matter. */
const groupsOf = (text: string): readonly number[] | undefined => {
  const [, address = "", zone] = /^([^%]*)(%.+)?$/s.exec(text) ?? []
  if (address.length > 45 || (zone !== undefined && !/^%[0-9a-z.:_-]+$/i.test(zone))) return undefined
  const halves = address.split("::")
  if (halves.length > 2) return undefined
  const [before, after] = halves.map((half, index) => sideOf(half, index === halves.length - 1))
  if (before === undefined) return undefined
  if (halves.length === 1) return before.length === 8 ? before : undefined
  if (after === undefined || before.length + after.length > 7) return undefined
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}

/** The groups on one side of "::"; only the last of the address may be written as an IPv4 address. */
const sideOf = (text: string, isLast: boolean): readonly number[] | undefined => {
  if (text === "") return []
  const groups: number[] = []
  const parts = text.split(":")
  for (const [index, part] of parts.entries()) {
    const four = isLast && index === parts.length - 1 ? bytesOf(part) : undefined
    if (four !== undefined) groups.push((four[0]! << 8) | four[1]!, (four[2]! << 8) | four[3]!)
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16))
    else return undefined
  }
  return groups
}
