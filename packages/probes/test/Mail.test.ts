import type { Socket } from "node:net"
import { describe, expect, it } from "vitest"
import * as Authority from "../../../test/kit/Authority.ts"
import * as Peer from "./Peer.ts"

const { ask, reason, condition } = Peer

/** Greets, and answers each line by what a table has for its beginning; goes on over TLS after `secure`. */
const serving =
  (
    greeting: string,
    answers: Readonly<Record<string, string>>,
    heard: string[] = [],
    cert = Authority.valid,
  ) =>
  (socket: Socket): void => {
    socket.write(greeting)
    const talk = (on: Socket): void => {
      const listen = (chunk: Buffer): void => {
        for (const line of chunk.toString().split("\r\n").filter(Boolean)) {
          heard.push(line)
          const key = Object.keys(answers).find((each) => line.startsWith(each))
          const answer = key === undefined ? "" : answers[key]!
          on.write(answer.replace("+TLS", ""))
          if (answer.includes("+TLS")) {
            on.off("data", listen)
            talk(Peer.secured(socket, cert))
          }
        }
      }
      on.on("data", listen)
    }
    talk(socket)
  }

const protocols = [
  {
    scheme: "smtp",
    greeting: "220-mail.test\r\n220 ESMTP\r\n",
    other: "554 no service\r\n",
    answers: { EHLO: "250-mail.test\r\n250-SIZE 1\r\n250 STARTTLS\r\n", STARTTLS: "220 go\r\n+TLS" },
    refusing: { EHLO: "250 mail.test\r\n" },
    refusal: { EHLO: "250 STARTTLS\r\n", STARTTLS: "454 not now\r\n" },
    injecting: { EHLO: "250 STARTTLS\r\n", STARTTLS: "220 go\r\n250 injected\r\n" },
    farewell: "QUIT",
  },
  {
    scheme: "pop3",
    greeting: "+OK ready\r\n",
    other: "-ERR busy\r\n",
    answers: { STLS: "+OK begin\r\n+TLS" },
    refusing: { STLS: "-ERR unknown\r\n" },
    refusal: { STLS: "-ERR not now\r\n" },
    injecting: { STLS: "+OK begin\r\n+OK injected\r\n" },
    farewell: "QUIT",
  },
  {
    scheme: "imap",
    greeting: "* OK IMAP4rev2\r\n",
    other: "* BYE busy\r\n",
    answers: {
      "a1 CAPABILITY": "* CAPABILITY IMAP4rev2 STARTTLS LOGINDISABLED\r\na1 OK done\r\n",
      "a2 STARTTLS": "a2 OK begin\r\n+TLS",
    },
    refusing: { "a1 CAPABILITY": "* CAPABILITY IMAP4rev2\r\na1 OK done\r\n" },
    refusal: { "a1 CAPABILITY": "* CAPABILITY STARTTLS\r\na1 OK\r\n", "a2 STARTTLS": "a2 BAD no\r\n" },
    injecting: {
      "a1 CAPABILITY": "* CAPABILITY STARTTLS\r\na1 OK\r\n",
      "a2 STARTTLS": "a2 OK\r\n* injected\r\n",
    },
    farewell: "a3 LOGOUT",
  },
]

describe.each(protocols)(
  "a server of $scheme",
  ({ scheme, greeting, other, answers, refusing, refusal, injecting, farewell }) => {
    const at = (peer: Peer.Peer, plus = "") => `${scheme}${plus}://target.test:${peer.port}`

    it("that greets is fine, and is taken leave of", async () => {
      const heard: string[] = []
      let told: () => void = () => {}
      const left = new Promise<void>((resolve) => (told = resolve))
      await using peer = await Peer.listen((socket) => {
        serving(greeting, {}, heard)(socket)
        socket.on("close", told)
      })
      const conditions = [{ ...condition("body equal x"), values: [greeting.trim().replaceAll("\r", "")] }]
      expect(await ask(at(peer), { conditions })).toMatchObject({
        ok: true,
        timings: { firstByte: expect.any(Number) },
      })
      await left
      expect(heard).toEqual([farewell])
    })

    it("that greets otherwise fails", async () => {
      await using peer = await Peer.listen((socket) => socket.write(other))
      expect(await reason(at(peer))).toBe(`greeting ${other.trim()}`)
      await using web = await Peer.listen((socket) =>
        socket.write(`HTTP/1.1 400 \u001b[2J${"x".repeat(100)}\r\n`),
      )
      expect(await reason(at(web))).toMatch(/^greeting HTTP\/1.1 400 \[2Jx{44}$/)
    })

    it("that encrypts from the start shows its certificate", async () => {
      await using peer = await Peer.listenTls((socket) => socket.write(greeting))
      expect(await ask(at(peer, "s"))).toMatchObject({ ok: true, certificate: { host: "target.test" } })
      await using expired = await Peer.listenTls((socket) => socket.write(greeting), Authority.expired)
      expect(await reason(at(expired, "s"))).toBe("certificate expired")
    })

    it("that encrypts when it is asked to does so, and shows its certificate", async () => {
      const heard: string[] = []
      await using peer = await Peer.listen(serving(greeting, answers, heard))
      expect(await ask(at(peer, "+starttls"))).toMatchObject({
        ok: true,
        certificate: { host: "target.test" },
      })
      await using expired = await Peer.listen(serving(greeting, answers, [], Authority.expired))
      expect(await reason(at(expired, "+starttls"))).toBe("certificate expired")
    })

    it.each([
      ["does not offer to encrypt", refusing],
      ["refuses to encrypt", refusal],
      ["says more before it is encrypted, as anybody between may", injecting],
    ])("that %s fails", async (_what, table) => {
      await using peer = await Peer.listen(serving(greeting, table as Readonly<Record<string, string>>))
      expect(await reason(at(peer, "+starttls"))).toBe("starttls refused")
    })

    it("that says nothing, closes, or never ends is not waited for", async () => {
      await using silent = await Peer.listen(() => {})
      expect(await reason(at(silent), {}, { timeout: 100 })).toBe("timeout")
      await using closing = await Peer.listen((socket) => socket.end())
      expect(await reason(at(closing))).toBe("connection closed")
      await using talking = await Peer.listen((socket) => socket.write("x".repeat(1_000_000)))
      expect(await reason(at(talking))).toBe("the server says too much")
    })
  },
)

it("an IMAP server that needs no login greets as well", async () => {
  await using peer = await Peer.listen((socket) => socket.write("* PREAUTH hello\r\n"))
  expect(await reason(`imap://target.test:${peer.port}`)).toBeUndefined()
})
