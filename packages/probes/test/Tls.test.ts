import { describe, expect, it } from "vitest"
import * as Authority from "../../../test/kit/Authority.ts"
import * as SelfSigned from "../../../test/kit/Certificate.ts"
import * as Receiver from "../../../test/kit/Receiver.ts"
import * as Peer from "./Peer.ts"

const { ask, reason, condition } = Peer
const certificates = [
  ["target.test", Authority.expired, "certificate expired"],
  ["target.test", Authority.future, "certificate not yet valid"],
  ["target.test", Authority.strange, "certificate of an unknown authority"],
  ["elsewhere.test", Authority.valid, "certificate of another host"],
  ["127.0.0.1", Authority.valid, "certificate of another host"],
] as const

describe("a certificate", () => {
  it("that is valid is noted", async () => {
    await using peer = await Peer.listenTls(() => {})
    const answer = await ask(`tls://target.test:${peer.port}`)
    expect(answer).toMatchObject({
      ok: true,
      certificate: {
        host: "target.test",
        issuer: "CN=Overdue test authority",
        subject: expect.stringContaining("CN=target.test"),
        validFrom: Date.UTC(2000, 0, 1),
        validTo: Date.UTC(2100, 0, 1) - 1000,
      },
    })
    expect(answer.certificate).not.toHaveProperty("error")
    expect(answer.timings.tls).toBeGreaterThan(0)
  })

  it.each(certificates)("of %s is refused by its own words", async (host, cert, words) => {
    await using peer = await Peer.listenTls(() => {}, cert)
    const answer = await ask(`tls://${host}:${peer.port}`)
    expect(answer).toMatchObject({ ok: false, reason: words, certificate: { host, error: words } })
  })

  it.each(certificates)(
    "of %s is let pass when it need not be valid, and what is wrong is noted",
    async (host, cert, words) => {
      await using peer = await Peer.listenTls(() => {}, cert)
      const answer = await ask(`tls://${host}:${peer.port}`, { verifiesCertificate: false })
      expect(answer).toMatchObject({ ok: true, certificate: { error: words } })
    },
  )

  it("that is self-signed is refused", async () => {
    await using receiver = await Receiver.listenTls(Receiver.ok, SelfSigned)
    expect(await reason(`https://mail.test:${receiver.port}/`)).toBe("certificate self-signed")
    expect(receiver.received).toEqual([])
    expect(
      await reason(`https://mail.test:${receiver.port}/`, { verifiesCertificate: false }),
    ).toBeUndefined()
  })

  it("that is not valid is sent no request, which may have a key in it", async () => {
    const identity = { cert: Authority.expired, key: Authority.key }
    await using receiver = await Receiver.listenTls(Receiver.ok, identity)
    const given = { headers: { "X-Api-Key": "secret" } }
    expect(await reason(`https://target.test:${receiver.port}/`, given)).toBe("certificate expired")
    expect(receiver.received).toEqual([])
  })

  it("is judged by the days that are left", async () => {
    await using peer = await Peer.listenTls((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 204 No\r\n\r\n")),
    )
    for (const scheme of ["tls", "https"]) {
      const url = `${scheme}://target.test:${peer.port}`
      expect(await reason(url, { conditions: [condition("certificate greater-than 14")] })).toBeUndefined()
      expect(await reason(url, { conditions: [condition("certificate less-than 14")] })).toMatch(
        /^condition 1 failed: certificate has \d{5} days left$/,
      )
    }
    await using expired = await Peer.listenTls(() => {}, Authority.expired)
    const given = { verifiesCertificate: false, conditions: [condition("certificate less-than 0")] }
    expect(await reason(`tls://target.test:${expired.port}`, given)).toBeUndefined()
  })

  it("is that of the name, whatever the field Host says", async () => {
    const identity = { cert: Authority.valid, key: Authority.key }
    await using receiver = await Receiver.listenTls(Receiver.ok, identity)
    const given = { headers: { Host: "elsewhere.test" } }
    expect(await reason(`https://target.test:${receiver.port}/`, given)).toBeUndefined()
    expect(receiver.received[0]!.headers.host).toBe("elsewhere.test")
  })
})

describe("a handshake", () => {
  it.each([
    ["is closed", (socket: { end: () => void }) => socket.end(), "connection closed"],
    ["is reset", (socket: { resetAndDestroy: () => void }) => socket.resetAndDestroy(), "connection reset"],
    [
      "is not TLS",
      (socket: { write: (text: string) => void }) => socket.write("220 mail\r\n".repeat(3)),
      "tls: the answer is not TLS",
    ],
  ] as const)("that %s fails", async (_what, act, expected) => {
    await using peer = await Peer.listen((socket) => socket.once("data", () => act(socket)))
    for (const scheme of ["tls", "https"]) {
      expect(await reason(`${scheme}://target.test:${peer.port}`)).toBe(expected)
    }
  })

  it.each(["220 mail.example ready\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"])(
    "that is answered in plain text says so: %j",
    async (text) => {
      await using peer = await Peer.listen((socket) => socket.write(text))
      expect(await reason(`tls://target.test:${peer.port}`)).toBe("tls: the answer is not TLS")
      expect(await reason(`https://target.test:${peer.port}`)).toBe("tls: the answer is not TLS")
    },
  )

  it("that is not answered is a timeout", async () => {
    await using peer = await Peer.listen(() => {})
    expect(await ask(`tls://target.test:${peer.port}`, {}, { timeout: 100 })).toMatchObject({
      ok: false,
      reason: "timeout",
      timings: { connect: expect.any(Number) },
    })
  })
})
