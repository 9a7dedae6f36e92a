/** The targets of probes: which URLs are taken, as what, and what is said of others. */
import * as Probe from "@overdue/core/Probe"
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import * as ProbeUrl from "@overdue/core/probe/ProbeUrl"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const host = "a URL with a valid host"
const port = "a port from 1 to 65535"
const spaces = "a URL without spaces, backslashes and control characters"
const zone = "an address of IPv6 without a zone such as %eth0"
const scheme = expect.stringContaining("whose scheme is one of http, https, tcp")

describe("a URL", () => {
  it.each([
    ["https://example.org", { kind: "http", host: "example.org", port: 443 }],
    ["HTTP://Example.ORG:8080/a?b#c", { kind: "http", host: "Example.ORG", port: 8080 }],
    ["http://user:p:w@example.org/", { host: "example.org", port: 80 }],
    ["http://[2606:2800:220:1::1]:81", { host: "2606:2800:220:1::1", port: 81 }],
    ["http://bücher.example", { host: "bücher.example" }],
    ["http://example.org./", { host: "example.org." }],
    ["http://example.org:/", { port: 80 }],
    ["tcp://93.184.216.34:5432", { kind: "tcp", host: "93.184.216.34", port: 5432 }],
    ["ping://db_1.example", { kind: "ping", host: "db_1.example", port: 0 }],
    ["imap+starttls://example.org", { kind: "imap", security: "starttls", port: 143 }],
    ["dns:example.org?type=mx", { kind: "dns", host: "", name: "example.org", type: "MX" }],
    ["dns://192.0.2.1:5353/1.0.0.127.in-addr.arpa?type=PTR", { host: "192.0.2.1", port: 5353, type: "PTR" }],
    ["domain://example.org", { kind: "domain", host: "example.org" }],
  ])("%s is taken", (text, expected) => {
    expect(Result.getOrThrow(ProbeUrl.parse(text))).toMatchObject(expected)
  })

  it.each([
    ["", scheme],
    ["example.org", scheme],
    ["javascript:alert(1)", scheme],
    ["constructor://example.org", scheme],
    ["http:example.org", "a host after http://"],
    ["http://", host],
    ["http://-a.example", host],
    ["http://a..b", host],
    ["http://[::1", host],
    ["http://[1:2]", host],
    ["http://[:::::]", host],
    ["http://127.1", host],
    ["http://0x7f000001", host],
    ["http://2130706433", host],
    ["http://017700000001", host],
    ["http://1.2.3.999", host],
    ["tcp://1.2.3.4.5:1", host],
    ["http://a@b@example.org", host],
    ["http://%31.example", host],
    ["http://example.org:0", port],
    ["http://example.org:65536", port],
    ["http://example.org:123456", host],
    ["http://[fe80::1%eth0]:81", zone],
    ["http://ann:secret@[fe80::1%25eth0]", zone],
    ["tcp://[fe80::1%lo]:22", zone],
    ["dns://[fe80::1%lo]/example.org", zone],
    ["http://exam ple.org", spaces],
    ["exam ple.org", spaces],
    ["http://example.org/\r\nX: y", spaces],
    ["http://example.org\\@b", spaces],
    [`http://example.org/${"x".repeat(2_000)}`, "a URL of at most 2000 characters"],
    ["tcp://example.org", "a port, as in tcp://example.org:1234"],
    ["tcp://example.org:1/path", "nothing after the host and port"],
    ["tcp://user@example.org:1", "a URL without user name and password"],
    ["ping://example.org:1", "no port in a URL with ping"],
    ["dns:", "a name to ask for, as in dns://example.org?type=MX"],
    ["dns:example.org?type=ANY", "one of the types A, AAAA, CAA, CNAME, MX, NS, PTR, SOA, SRV, TXT"],
  ])("%j is refused with a sentence", (text, expected) => {
    const refused = ProbeUrl.parse(text)
    expect(Result.isFailure(refused) && refused.failure).toEqual(expected)
    expect(ProbeRefusal.of(Probe.make({ url: text }))).toEqual({ part: "url", expected })
  })

  it("that is taken is one to those who ask, unless its letters are none of names", () => {
    const label = fc.oneof(
      fc.stringMatching(/^[a-z0-9_]{1,5}$/),
      fc.constantFrom("0x1", "255", "256", "0", "ü"),
    )
    const authority = fc.oneof(
      fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join(".")),
      fc.ipV4Extended(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.stringMatching(/^\[[0-9a-f:.]{2,12}\]$/),
      fc.webAuthority({ withIPv4: true, withIPv6: true, withPort: true, withUserInfo: true }),
    )
    const tail = fc.oneof(
      fc.constant(""),
      fc.string().map((text) => `/${text}`),
    )
    fc.assert(
      fc.property(authority, tail, (of, rest) => {
        const url = `http://${of}${rest}`
        if (Result.isSuccess(ProbeUrl.parse(url))) expect([url, URL.canParse(url)]).toEqual([url, true])
      }),
    )
  })

  it("of any text is read without a fault", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }).map((one) => `dns://${one}`),
    )
    fc.assert(
      fc.property(text, (url) => {
        ProbeUrl.parse(url)
        expect(ProbeRefusal.of(Probe.make({ url }))?.part ?? "url").toBe("url")
      }),
    )
  })
})
