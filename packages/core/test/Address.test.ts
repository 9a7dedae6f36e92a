import * as Address from "@overdue/core/Address"
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const v4 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join(".")
const groups = (value: number) => `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`

describe("an address", () => {
  it.each([
    ["this network", "0.0.0.0"],
    ["private", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1"],
    ["carrier-grade NAT", "100.64.0.1", "100.127.255.255"],
    ["loopback", "127.0.0.1", "127.255.255.254", "::1"],
    ["link-local", "169.254.169.254", "fe80::1", "fe80::1%eth0", "febf::1"],
    ["for documentation", "192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    ["for benchmarks", "198.18.0.1", "198.19.255.255"],
    ["multicast", "224.0.0.1", "239.255.255.255", "ff02::1"],
    ["reserved or broadcast", "240.0.0.1", "255.255.255.255"],
    ["unspecified", "::"],
    ["unique-local", "fc00::1", "fd12:3456::1"],
    ["site-local", "fec0::1"],
    ["IPv4-mapped", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:7f00:1"],
    ["IPv4-compatible", "::127.0.0.1", "::8.8.8.8"],
    ["a tunnel", "2002:7f00:1::", "2001:0:1::1"],
    ["NAT64 of its own network", "64:ff9b:1::1"],
    ["NAT64 of a private address", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b::", "64:ff9b::a9fe:a9fe"],
    ["no address", "", "localhost", "1.2.3", "0x7f.1", "[::1]", "1.1.1.1:80"],
  ])("that is %s is not public", (_kind, ...addresses) => {
    for (const address of addresses) expect([address, Address.isPublic(address)]).toEqual([address, false])
  })

  it.each([
    ["1.1.1.1"],
    ["8.8.8.8"],
    ["9.255.255.255"],
    ["11.0.0.0"],
    ["100.63.255.255"],
    ["100.128.0.0"],
    ["172.15.255.255"],
    ["172.32.0.0"],
    ["223.255.255.255"],
    ["2606:4700:4700::1111"],
    ["2a00:1450:4001:81b::200e"],
    ["64:ff9b::8.8.8.8"],
    ["64:ff9b::808:808"],
  ])("of the public internet is public: %s", (address) => {
    expect(Address.isPublic(address)).toBe(true)
  })

  it("of NAT64 is what the IPv4 address in it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (value) => {
        const expected = Address.isPublic(v4(value))
        expect(Address.isPublic(`64:ff9b::${groups(value)}`)).toBe(expected)
        expect(Address.isPublic(`64:ff9b::${v4(value)}`)).toBe(expected)
      }),
    )
  })

  it("mapped from IPv4 is never public", () => {
    fc.assert(fc.property(fc.ipV4(), (address) => !Address.isPublic(`::ffff:${address}`)))
  })

  it("is recognised as a URL writes it, and a name is not one", () => {
    expect(Address.ofHost(new URL("http://2130706433/").hostname)).toEqual({
      address: "127.0.0.1",
      family: 4,
    })
    expect(Address.ofHost(new URL("http://[0:0::1]/").hostname)).toEqual({ address: "::1", family: 6 })
    expect(Address.ofHost("localhost")).toBeUndefined()
  })
})

/** What Node makes of the same registries: an opinion that shares no line with ours. */
const blocked = new BlockList()
for (const [network, length] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  blocked.addSubnet(network, length, "ipv4")
const global = new BlockList()
global.addSubnet("2000::", 3, "ipv6")
for (const [network, length] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  blocked.addSubnet(network, length, "ipv6")

/** Addresses near the ends of what is registered, where a wrong length shows. */
const edges = [0, 9, 10, 11, 99, 100, 101, 126, 127, 128, 169, 172, 192, 198, 203, 223, 224, 239, 240, 255]
const near = fc.tuple(
  fc.constantFrom(...edges),
  fc.oneof(
    fc.constantFrom(0, 15, 16, 18, 19, 20, 31, 32, 51, 63, 64, 88, 127, 128, 168, 253, 254, 255),
    fc.nat(255),
  ),
  fc.oneof(fc.constantFrom(0, 1, 2, 99, 100, 113), fc.nat(255)),
  fc.nat(255),
)
const near6 = fc
  .tuple(
    fc.constantFrom(
      0,
      0x64,
      0x1fff,
      0x2000,
      0x2001,
      0x2002,
      0x2003,
      0x3ffe,
      0x3fff,
      0x4000,
      0xfc00,
      0xfe80,
      0xff02,
    ),
    fc.oneof(fc.constantFrom(0, 1, 0x1ff, 0x200, 0xdb7, 0xdb8, 0xdb9, 0xfff, 0x1000, 0xff9b), fc.nat(0xffff)),
    fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 6, maxLength: 6 }),
  )
  .map(([first, second, rest]) => [first, second, ...rest])

describe("against Node's lists", () => {
  it("an IPv4 address is as public", () => {
    fc.assert(
      fc.property(near, (bytes) => {
        const address = bytes.join(".")
        expect([address, Address.isPublic(address)]).toEqual([address, !blocked.check(address, "ipv4")])
      }),
      { numRuns: 5_000 },
    )
  })

  it("an IPv6 address is as public, however it is written", () => {
    const spelled = (groups: readonly number[], style: number): string => {
      const full = groups.map((group) =>
        style % 2 === 0 ? group.toString(16) : group.toString(16).padStart(4, "0"),
      )
      const text = full.join(":")
      if (style < 2) return text
      if (style < 4) return text.replace(/(?:^|:)0+(?::0+)+(?::|$)/, "::")
      const low = groups.slice(6).flatMap((group) => [group >> 8, group & 0xff])
      return `${full.slice(0, 6).join(":")}:${low.join(".")}`.toUpperCase()
    }
    fc.assert(
      fc.property(near6, fc.nat(5), (groups, style) => {
        const address = spelled(groups, style)
        expect([address, isIPv6(address)]).toEqual([address, true])
        const isNat64 = groups.slice(0, 6).join() === "100,65435,0,0,0,0"
        const expected = isNat64
          ? !blocked.check(
              groups
                .slice(6)
                .flatMap((group) => [group >> 8, group & 0xff])
                .join("."),
              "ipv4",
            )
          : global.check(address, "ipv6") && !blocked.check(address, "ipv6")
        expect([address, Address.isPublic(address)]).toEqual([address, expected])
      }),
      { numRuns: 5_000 },
    )
  })

  it("a text is an address of the same family, or as little one", () => {
    const piece = fc.constantFrom(
      "::",
      ":",
      ".",
      "%",
      "%eth0",
      "0",
      "1",
      "01",
      "255",
      "256",
      "ffff",
      "abcd",
      "g",
      "",
      " ",
      "1.2.3.4",
    )
    const texts = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
      fc.ipV6(),
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.tuple(fc.ipV6(), piece).map(([address, more]) => address + more),
      fc.string(),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect([text, Address.familyOf(text) ?? 0]).toEqual([text, isIP(text)])
        expect(isIPv4(text) && Address.ofHost(text)?.family !== 4).toBe(false)
      }),
      { numRuns: 10_000 },
    )
  })
})
