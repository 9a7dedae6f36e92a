import type { Inbound } from "@overdue/server/http/Http"
import * as Origin from "@overdue/server/access/Origin"
import { everybody, parse, type Trust } from "@overdue/server/access/Proxies"
import { describe, expect, it } from "vitest"

const inbound = (headers: Readonly<Record<string, string>>, remoteAddress = "10.0.0.9"): Inbound => ({
  method: "GET",
  host: "",
  path: "/",
  query: "",
  header: (name) => headers[name],
  hasBody: false,
  body: () => Promise.reject(new Error("there is none")),
  remoteAddress,
  scheme: "http",
})

const from = (forwardedFor: string, trusts: Trust = everybody, remoteAddress?: string): string =>
  Origin.of(inbound({ "x-forwarded-for": forwardedFor }, remoteAddress), undefined, trusts).remoteAddress

describe("where a ping came from", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["192.0.2.1, 198.51.100.1, 10.0.0.1", "192.0.2.1"],
    ["192.0.2.1:4711, 10.0.0.1", "192.0.2.1"],
    ["2001:db8::1", "2001:db8::1"],
    ["[2001:db8::1]:80", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ['"[2001:db8::1]:4711"', "2001:db8::1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["192.0.2.1:", "192.0.2.1"],
    ["unknown, 192.0.2.1", "unknown"],
    ["[x]:80", "[x]:80"],
    [",", "10.0.0.9"],
    ["", "10.0.0.9"],
    ["' OR 1=1", "10.0.0.9"],
    [",192.0.2.1", "192.0.2.1"],
    [" , 192.0.2.1 ,, 10.0.0.1", "192.0.2.1"],
  ])("is, when everybody is trusted, the first that is said to have forwarded it: %j", (header, address) => {
    expect(from(header)).toBe(address)
  })

  describe("when only certain proxies are trusted", () => {
    const trusts = parse("10.0.0.0/8") as Trust // safe because the list is right

    it.each([
      ["192.0.2.1", "192.0.2.1"],
      // What the client claims stands left of what the proxies add.
      ["203.0.113.66, 192.0.2.1", "192.0.2.1"],
      ["203.0.113.66, 192.0.2.1, 10.0.0.2, 10.0.0.1", "192.0.2.1"],
      ["10.0.0.3, 10.0.0.2", "10.0.0.3"],
      ["203.0.113.66, [2001:db8::7]:443, 10.0.0.1:8080", "2001:db8::7"],
      ["192.0.2.1, ::ffff:10.0.0.1", "192.0.2.1"],
      ["203.0.113.66, nonsense!, 10.0.0.1", "10.0.0.9"],
    ])("is the last that none of them is: %j", (header, address) => {
      expect(from(header, trusts)).toBe(address)
    })

    it("is the other end of the socket when that is none of them", () => {
      expect(from("192.0.2.1", trusts, "198.51.100.7")).toBe("198.51.100.7")
      const headers = { "x-forwarded-proto": "https" }
      expect(Origin.of(inbound(headers, "198.51.100.7"), undefined, trusts).scheme).toBe("http")
      expect(Origin.of(inbound(headers), undefined, trusts).scheme).toBe("https")
    })
  })

  it.each([
    ["https", "https"],
    ["http", "http"],
    ["HTTPS", "https"],
    [" https , http", "https"],
    ["http,https", "http"],
    [",https", "https"],
    ["https;q=1", "http"],
    ["", "http"],
    ["gopher", "http"],
    ["", "http"],
  ])("is told with its scheme: %j", (header, scheme) => {
    expect(Origin.of(inbound({ "x-forwarded-proto": header }), undefined).scheme).toBe(scheme)
  })

  it("is told with as much of its user agent as fits", () => {
    const { userAgent } = Origin.of(inbound({ "user-agent": "x".repeat(300) }), undefined)
    expect(userAgent).toHaveLength(200)
    expect(Origin.of(inbound({}), undefined).userAgent).toBe("")
  })
})
