import * as Address from "@overdue/notifiers/sending/Address"
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
