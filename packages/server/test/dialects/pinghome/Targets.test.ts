/** What uptime monitors ask: as type, host, URL and port say, in every combination that is taken. */
import { describe, expect, it } from "vitest"
import { faults, PinghomeHost } from "./PinghomeHost.ts"

type Given = Readonly<Record<string, unknown>>

/** What is asked, or the field that is refused. */
type Case = readonly [given: Given, expected: string]

const web = "example.org"

const created: readonly Case[] = [
  // Over HTTP.
  [{ type: "http", url: web }, "http://example.org"],
  [{ type: "https", url: web }, "https://example.org"],
  [{ type: "HTTPS", host: web, port: 18760 }, "https://example.org:18760"],
  [{ type: "http", host: web, port: "18760" }, "http://example.org:18760"],
  [{ type: "http", host: "example.org:8080" }, "http://example.org:8080"],
  [{ type: "http", url: "http://example.org", port: 18721 }, "http://example.org:18721"],
  [{ type: "http", url: "http://example.org:18721", port: "18721" }, "http://example.org:18721"],
  [
    { type: "http", url: "https://u:p@example.org/a?b=c:1#d", port: 8443 },
    "https://u:p@example.org:8443/a?b=c:1#d",
  ],
  [{ type: "https", host: "example.org/health", port: 8443 }, "https://example.org:8443/health"],
  [{ type: "http", url: "http://[2606:4700::1111]/a", port: 81 }, "http://[2606:4700::1111]:81/a"],
  [{ type: "http", host: "2606:4700::1111", port: 81 }, "http://[2606:4700::1111]:81"],
  [{ type: "http", url: "https://example.org/a", host: web, port: "" }, "https://example.org/a"],
  [{ type: "http", url: "", host: web }, "http://example.org"],
  [{ type: "http", url: "https://example.org", host: "" }, "https://example.org"],
  [{ type: "http", url: "http://example.org/a", host: "Example.org:81" }, "http://example.org:81/a"],
  [{ type: "https", url: "http://example.org" }, "url"],
  [{ type: "https", host: "http://example.org" }, "host"],
  [{ type: "http", url: "tcp://example.org:80" }, "url"],
  [{ type: "http", url: "http://example.org:81", port: 82 }, "port"],
  [{ type: "http", url: "http://example.org", host: "example.com" }, "host"],
  [{ type: "http", url: "http://example.org:81", host: "example.org:82" }, "host"],
  [{ type: "http", url: "http://example.org/a", host: "example.org/b" }, "host"],
  [{ type: "http", url: "", host: "" }, "url"],
  // Over TCP and UDP.
  [{ type: "tcp", host: web, port: "0443" }, "tcp://example.org:443"],
  [{ type: "tcp", host: "example.org:443" }, "tcp://example.org:443"],
  [{ type: "tcp", url: "tcp://example.org:443/" }, "tcp://example.org:443"],
  [{ type: "udp", host: "2606:4700::1111", port: 53 }, "udp://[2606:4700::1111]:53"],
  [{ type: "tcp", host: web, url: "tcp://example.org:443" }, "tcp://example.org:443"],
  [{ type: "tcp", host: "example.org:443", port: 444 }, "port"],
  [{ type: "tcp", host: "https://example.org", port: 443 }, "host"],
  [{ type: "tcp", host: web, url: "udp://example.org:53", port: 53 }, "url"],
  [{ type: "tcp", host: "example.org/path", port: 443 }, "host"],
  [{ type: "tcp", host: "user@example.org", port: 443 }, "host"],
  [{ type: "tcp", host: web }, "port"],
  // By echo.
  [{ type: "icmp", host: web }, "ping://example.org"],
  [{ type: "ping", url: "icmp://example.org" }, "ping://example.org"],
  [{ type: "ping", host: "1.1.1.1/path?x" }, "host"],
  [{ type: "ping", host: "1.1.1.1?x" }, "host"],
  [{ type: "ping", host: web, port: 80 }, "port"],
  [{ type: "ping", host: "example.org:80" }, "port"],
  // For mail.
  [{ type: "smtp", host: web, port: 465 }, "smtps://example.org:465"],
  [{ type: "smtp", url: "smtps://example.org", port: 2465 }, "smtps://example.org:2465"],
  [{ type: "pop", url: "pop://example.org" }, "pop3://example.org"],
  [{ type: "pop3", host: "pop3s://example.org" }, "pop3s://example.org"],
  [{ type: "imap", url: "imap+starttls://example.org" }, "imap+starttls://example.org"],
  [{ type: "imap", host: "pop3://example.org" }, "host"],
]

/** Changes of what is asked, of which only what is given is another. */
const changes: readonly (readonly [before: Given, ...Case])[] = [
  [{ type: "https", host: web, port: 18760 }, { port: 18761 }, "https://example.org:18761"],
  [{ type: "https", host: web, port: 18760 }, { host: "example.com" }, "https://example.com:18760"],
  [{ type: "http", url: "http://example.org:81/a?b" }, { host: "example.org" }, "http://example.org:81/a?b"],
  [{ type: "http", host: web, port: 81 }, { type: "http", host: web }, "http://example.org:81"],
  [
    { type: "http", url: "http://example.org:81/a" },
    { host: "[2606:2800:220:1::1]:82" },
    "http://[2606:2800:220:1::1]:82/a",
  ],
  [{ type: "http", url: "http://example.org:81/a" }, { host: web, port: 82 }, "http://example.org:82/a"],
  [{ type: "https", host: web, port: 18760 }, { type: "https", port: "18760" }, "https://example.org:18760"],
  [{ type: "http", url: "http://example.org:81" }, { type: "https" }, "url"],
  [
    { type: "http", url: "http://example.org:81/a" },
    { url: "https://example.org/b" },
    "https://example.org/b",
  ],
  [{ type: "http", url: "http://example.org:81/a" }, { type: "tcp", port: 82 }, "tcp://example.org:82"],
  [{ type: "tcp", host: web, port: 81 }, { host: "example.com" }, "tcp://example.com:81"],
  [{ type: "tcp", host: web, port: 81 }, { url: "tcp://example.com:82" }, "tcp://example.com:82"],
  [{ type: "tcp", host: web, port: 81 }, { type: "ping" }, "ping://example.org"],
  [
    { type: "imap", url: "imap+starttls://example.org" },
    { host: "example.com" },
    "imap+starttls://example.com:143",
  ],
]

describe("an uptime monitor", () => {
  it("asks as type, host, URL and port say, or names the field that contradicts", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const found: unknown[] = []
    for (const [given] of created) {
      const [code, answer] = await server.uptime(service, { url: undefined, ...given })
      found.push([given, code === 201 ? (await server.own(answer.id)).probe.url : faults(answer)?.join()])
    }
    expect(found).toEqual(created)
  })

  it("keeps of its target what a change does not name", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const found: unknown[] = []
    for (const [before, given] of changes) {
      const id = await server.resource(service, { url: undefined, ...before })
      const answer = await server.update(id, given, "resource")
      const isChanged = answer.status === 200
      found.push([
        before,
        given,
        isChanged ? (await server.own(id)).probe.url : faults(answer.json())?.join(),
      ])
    }
    expect(found).toEqual(changes)
  })
})
