import { connect } from "node:tls"
import type { Check } from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import { TurnedAway } from "@overdue/engine/TurnedAway"
import * as SmtpServer from "@overdue/server/mail/SmtpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as nodemailer from "nodemailer"
import { describe, expect, it } from "vitest"
import * as Certificate from "../../../../test/kit/Certificate.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import { domain, MailFixture } from "./MailFixture.ts"
import { SocketDialogue } from "../../../../test/kit/SocketDialogue.ts"

/** A listener on a free port over a fixture. */
class Post implements AsyncDisposable {
  readonly fixture: MailFixture
  readonly listening: SmtpServer.Listening
  /** Why clients were turned away. */
  readonly turnedAway: readonly string[]

  private constructor(fixture: MailFixture, listening: SmtpServer.Listening, turnedAway: readonly string[]) {
    this.fixture = fixture
    this.listening = listening
    this.turnedAway = turnedAway
  }

  static async open(options: Partial<SmtpServer.Options> = {}, fixture?: MailFixture): Promise<Post> {
    const owned = fixture ?? (await MailFixture.open())
    const turnedAway: string[] = []
    const services = Context.add(owned.services, TurnedAway, (why) => void turnedAway.push(why))
    const listening = await SmtpServer.listen(services, { host: "127.0.0.1", port: 0, ...options })
    return new Post(owned, listening, turnedAway)
  }

  /** A conversation that has said hello. */
  async greeted(localAddress = "127.0.0.1"): Promise<SocketDialogue> {
    const talk = await SocketDialogue.open(this.listening.port, { localAddress })
    await talk.hear(/^220 /)
    await talk.ask("EHLO client.example")
    return talk
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listening.close(0)
    await this.fixture[Symbol.asyncDispose]()
  }
}

const mailer = (post: Post, options: object = {}) =>
  nodemailer.createTransport({ host: "127.0.0.1", port: post.listening.port, ...options })

describe("a mail client", () => {
  it("pings a check with a report of several parts and an attachment", async () => {
    await using post = await Post.open()
    const check = await post.fixture.check({ subject: true, body: true, failureKeywords: "FEHLGESCHLAGEN" })
    const sent = await mailer(post).sendMail({
      from: "Büro <cron@example.org>",
      to: `Überwachung <${check.id}@${domain}>`,
      subject: "Sicherung ✅ der Datenbank, mit einem langen Betreff, der gefaltet werden muss: ÄÖÜ",
      text: "Größe: 10 €",
      html: "<h1>Sicherung</h1><p>FEHL<b>GESCHLAGEN</b></p>",
      attachments: [{ filename: "größe.log", content: "x".repeat(300_000) }],
    })
    expect(sent.response).toBe("250 OK")
    expect(await post.fixture.pings(check)).toMatchObject([
      { kind: "fail", scheme: "email", userAgent: "Email from cron@example.org", remoteAddress: "127.0.0.1" },
    ])
  })

  it("pings each check of several recipients, and hears of those that are refused", async () => {
    await using post = await Post.open()
    const [first, second] = [await post.fixture.check(), await post.fixture.check({}, "second")]
    const sent = await mailer(post).sendMail({
      from: "cron@example.org",
      to: [`${first.id}@${domain}`, `${keys.ping}+second@${domain}`, `${crypto.randomUUID()}@${domain}`],
      cc: ["someone@elsewhere.example", `nobody@${domain}`],
      text: "done",
    })
    expect(sent.accepted).toHaveLength(3)
    expect(sent.rejectedErrors!.map((error) => (error as { response?: string }).response)).toEqual([
      "550 5.1.1 Recipient rejected",
      "550 5.1.1 Invalid mailbox",
    ])
    expect(await post.fixture.pings(first)).toHaveLength(1)
    expect(await post.fixture.pings(second)).toHaveLength(1)
  })

  it("may send many messages over one connection, at once over several", async () => {
    await using post = await Post.open()
    const check = await post.fixture.check()
    const pool = mailer(post, { pool: true, maxConnections: 3 })
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        pool.sendMail({ from: "a@example.org", to: `${check.id}@${domain}`, subject: `${index}` }),
      ),
    )
    pool.close()
    expect(await post.fixture.pings(check)).toHaveLength(40)
  })

  it("encrypts when there is a certificate", async () => {
    await using post = await Post.open({ certificate: Certificate })
    const check = await post.fixture.check()
    const tls = { ca: Certificate.cert, servername: "mail.test" }
    await mailer(post, { requireTLS: true, tls }).sendMail({
      from: "cron@example.org",
      to: `${check.id}@${domain}`,
      text: "done",
    })
    expect(await post.fixture.pings(check)).toHaveLength(1)
  })

  it("cannot encrypt when there is none, and is not told that it could", async () => {
    await using post = await Post.open()
    using talk = await post.greeted()
    expect(talk.heard).not.toContain("STARTTLS")
    expect(talk.heard).not.toContain("AUTH")
    expect(await talk.ask("STARTTLS")).toMatch(/^500 /)
    expect(await talk.ask("AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=")).toMatch(/^500 /)
  })
})

describe("a conversation", () => {
  it("goes as documented", async () => {
    await using post = await Post.open()
    const check = await post.fixture.check()
    using talk = await post.greeted()
    expect(talk.heard).toMatch(/^250 SIZE 26214400\r$/m)
    expect(await talk.ask("MAIL FROM:<>")).toMatch(/^250 /)
    expect(await talk.ask("RCPT TO:<someone@example.org>")).toBe("550 5.1.1 Recipient rejected")
    expect(await talk.ask(`RCPT TO:<someone@${domain}>`)).toBe("550 5.1.1 Invalid mailbox")
    expect(await talk.ask(`RCPT TO:<${check.id}@${domain.toUpperCase()}>`)).toMatch(/^250 /)
    expect(await talk.ask("DATA")).toMatch(/^354 /)
    expect(await talk.ask("Subject: hello\r\n\r\n..dots\r\n.")).toBe("250 OK")
    expect(await talk.ask("QUIT")).toMatch(/^221 /)
    await talk.end()
    expect(await post.fixture.pings(check)).toMatchObject([
      { userAgent: "Email from ", body: "Subject: hello\r\n\r\n.dots\r\n" },
    ])
  })

  it("accepts a message to an id that no check has, so that nobody learns which exist", async () => {
    await using post = await Post.open()
    using talk = await post.greeted()
    await talk.ask("MAIL FROM:<cron@example.org>")
    expect(await talk.ask(`RCPT TO:<${crypto.randomUUID()}@${domain}>`)).toMatch(/^250 /)
    await talk.ask("DATA")
    expect(await talk.ask("Subject: x\r\n\r\n.")).toBe("250 OK")
  })

  it("takes senders that no standard allows", async () => {
    await using post = await Post.open()
    using talk = await post.greeted()
    expect(await talk.ask("MAIL FROM:<ilo.@server..lan>")).toMatch(/^250 /)
  })

  it.each([
    ["a message announced as too large", ["MAIL FROM:<a@b.example> SIZE=99999999"], /^552 /],
    ["recipients before the sender", [`RCPT TO:<x@${domain}>`], /^503 /],
    ["a message before recipients", ["MAIL FROM:<a@b.example>", "DATA"], /^503 /],
    ["what is no command", ["SHELL"], /^500 /],
    ["a sender that is none at all", ["MAIL FROM:"], /^501 /],
    ["half a bracket", ["MAIL FROM:<a@b.example"], /^501 /],
    ["a sender that is called otherwise", ["MAIL TO:<a@b.example>"], /^501 /],
    ["a recipient without a domain", ["MAIL FROM:<>", "RCPT TO:<someone>"], /^550 /],
    ["a recipient without an address", ["MAIL FROM:<>", "RCPT TO:<>"], /^501 /],
    ["a control character", ["MAIL FROM:<a\u0001b@b.example>"], /^501 /],
  ])("refuses %s", async (_case, commands, reply) => {
    await using post = await Post.open()
    using talk = await post.greeted()
    let last = ""
    for (const command of commands) last = await talk.ask(command)
    expect(last).toMatch(reply)
  })

  it("refuses the hundred-and-first recipient", async () => {
    await using post = await Post.open()
    using talk = await post.greeted()
    await talk.ask("MAIL FROM:<a@b.example>")
    for (let count = 0; count < 100; count++) {
      expect(await talk.ask(`RCPT TO:<${crypto.randomUUID()}@${domain}>`)).toMatch(/^250 /)
    }
    expect(await talk.ask(`RCPT TO:<${crypto.randomUUID()}@${domain}>`)).toMatch(/^452 /)
  })

  it("refuses a message that turns out too large, and goes on", async () => {
    await using post = await Post.open({ messageSize: 100_000 })
    const check = await post.fixture.check()
    using talk = await post.greeted()
    const envelope = async () => {
      await talk.ask("MAIL FROM:<a@b.example>")
      await talk.ask(`RCPT TO:<${check.id}@${domain}>`)
      await talk.ask("DATA")
    }
    await envelope()
    expect(await talk.ask(`Subject: x\r\n\r\n${"x\r\n".repeat(50_000)}.`)).toMatch(/^552 /)
    await envelope()
    expect(await talk.ask("Subject: small\r\n\r\n.")).toBe("250 OK")
    expect(await post.fixture.pings(check)).toHaveLength(1)
  })

  it("is cut short by a line that does not end", async () => {
    await using post = await Post.open()
    using talk = await post.greeted()
    talk.say("x".repeat(20_000))
    expect(await talk.end()).toMatch(/421 /)
  })
})

describe("a sender that cannot be taught", () => {
  it.each([
    ["MAIL FROM:cron@host.example", "cron@host.example"],
    ["MAIL FROM: cron@host.example", "cron@host.example"],
    ["MAIL FROM: <cron@host.example>", "cron@host.example"],
    ["MAIL FROM:< cron@host.example >", "cron@host.example"],
    ["mail from:<cron@host.example>", "cron@host.example"],
    ["Mail  From : <cron@host.example> ", "cron@host.example"],
    ["MAIL FROM <cron@host.example>", "cron@host.example"],
    ['MAIL FROM:"The Cron" <cron@host.example>', "cron@host.example"],
    ["MAIL FROM:<cron@host.example> SIZE=100 BODY=8BITMIME", "cron@host.example"],
    ["MAIL FROM:cron@host.example size=100", "cron@host.example"],
    ["MAIL FROM:<cron@host.example>SIZE=100", "cron@host.example"],
    ["MAIL FROM:<@relay.example:cron@host.example>", "cron@host.example"],
    ["MAIL FROM:<root>", "root"],
    ["MAIL FROM:root", "root"],
    ["MAIL FROM:<root@>", "root"],
    ["MAIL FROM:<a@b@host.example>", "a=b@host.example"],
    ["MAIL FROM:<ilo.@h>", "ilo.@h"],
    ["MAIL FROM:<a..b@host_x>", "a..b@host_x"],
    ["MAIL FROM:<a@[192.0.2.1]>", "a@[192.0.2.1]"],
    ["MAIL FROM:<>", ""],
    ["MAIL FROM: <>", ""],
  ])("may say %s", async (line, sender) => {
    await using post = await Post.open()
    const check = await post.fixture.check()
    using talk = await post.greeted()
    expect(await talk.ask(line)).toMatch(/^250 /)
    expect(await talk.ask(`RCPT TO:<${check.id}@${domain}>`)).toMatch(/^250 /)
    await talk.ask("DATA")
    expect(await talk.ask("Subject: x\r\n\r\n.")).toBe("250 OK")
    expect(await post.fixture.pings(check)).toMatchObject([{ userAgent: `Email from ${sender}` }])
  })

  it.each([
    (id: string) => `RCPT TO:${id}@${domain}`,
    (id: string) => `RCPT TO: <${id}@${domain}>`,
    (id: string) => `rcpt to:< ${id}@${domain} >`,
    (id: string) => `RCPT TO:<${id.toUpperCase()}@${domain}.>`,
    (id: string) => `RCPT TO:<healthchecks+${id}@${domain}>`,
    (id: string) => `RCPT TO:<${id}+daily@${domain}>`,
    (id: string) => `RCPT TO:Backup <${id}@${domain}> NOTIFY=NEVER`,
    (id: string) => `RCPT TO:<@relay.example:${id}@${domain}>`,
    () => `RCPT TO:<${keys.ping.toUpperCase()}+Nightly@${domain}>`,
    () => `RCPT TO:<${keys.ping}+nightly+daily@${domain}>`,
  ])("reaches its check by %s", async (line) => {
    await using post = await Post.open()
    const check = await post.fixture.check({}, "nightly")
    using talk = await post.greeted()
    await talk.ask("MAIL FROM:<>")
    expect(await talk.ask(line(check.id))).toMatch(/^250 /)
    await talk.ask("DATA")
    expect(await talk.ask("Subject: x\r\n\r\n.")).toBe("250 OK")
    expect(await post.fixture.pings(check)).toHaveLength(1)
  })

  it.each([
    "EHLO my printer",
    "HELO my printer",
    "EHLO drücker",
    "ehlo host_x",
    "EHLO [192.0.2.1]",
    "EHLO -",
    "HELO (none)",
  ])("may be called as it likes: %s", async (line) => {
    await using post = await Post.open()
    using talk = await SocketDialogue.open(post.listening.port)
    await talk.hear(/^220 /)
    expect(await talk.ask(line)).toMatch(/^250[ -]/)
    expect(await talk.ask("MAIL FROM:<>")).toMatch(/^250 /)
  })

  it("may say everything before it is greeted, as a script with netcat does", async () => {
    await using post = await Post.open()
    const check = await post.fixture.check()
    using talk = await SocketDialogue.open(post.listening.port)
    const lines = [
      "EHLO x",
      "MAIL FROM:<>",
      `RCPT TO:<${check.id}@${domain}>`,
      "DATA",
      "Subject: x",
      "",
      "a",
      ".",
      "QUIT",
      "",
    ]
    talk.say(lines.join("\r\n"))
    await talk.end()
    expect(talk.heard).toMatch(/^220 .*\r\n250-[^]*\r\n354 [^]*\r\n250 OK\r\n221 /)
    expect(await post.fixture.pings(check)).toHaveLength(1)
  })

  it("may write to the postmaster, whom every server has", async () => {
    await using post = await Post.open()
    using talk = await post.greeted()
    await talk.ask("MAIL FROM:<>")
    for (const address of ["postmaster", `postmaster@${domain}`, `Postmaster@${domain}.`])
      expect(await talk.ask(`RCPT TO:<${address}>`)).toMatch(/^250 /)
    expect(await talk.ask("RCPT TO:<postmaster@elsewhere.example>")).toMatch(/^550 /)
    await talk.ask("DATA")
    expect(await talk.ask("Subject: x\r\n\r\n.")).toBe("250 OK")
  })

  it("still cannot be a browser that a page has sent here", async () => {
    await using post = await Post.open()
    using talk = await SocketDialogue.open(post.listening.port)
    talk.say("POST / HTTP/1.1\r\nHost: x\r\n\r\nEHLO x\r\n")
    await talk.end()
    expect(talk.heard).toMatch(/\r\n421 /)
    expect(talk.heard).not.toMatch(/\r\n250/)
  })
})

describe("a client that wastes time", () => {
  it("is dismissed when it falls silent", async () => {
    await using post = await Post.open({ silence: 150 })
    using talk = await post.greeted()
    await talk.ask("MAIL FROM:<a@b.example>")
    expect(await talk.end()).toMatch(/421 Timeout/)
  })

  it("is dismissed when it drips a message byte by byte", async () => {
    await using post = await Post.open({ silence: 10_000, session: 400 })
    const check = await post.fixture.check()
    using talk = await post.greeted()
    await talk.ask("MAIL FROM:<a@b.example>")
    await talk.ask(`RCPT TO:<${check.id}@${domain}>`)
    await talk.ask("DATA")
    const dripping = setInterval(() => talk.say("x"), 20)
    expect(await talk.end()).toMatch(/421 /)
    clearInterval(dripping)
    expect(post.turnedAway).toEqual(["their session of mail went on for too long"])
    expect(await post.fixture.pings(check)).toEqual([])
  })

  it("finds the door closed when too many of its network are in", async () => {
    await using post = await Post.open({ connections: 4 })
    using first = await post.greeted()
    using second = await post.greeted()
    using third = await SocketDialogue.open(post.listening.port)
    expect(await third.end()).toMatch(/^421 4\.7\.0 Too many connections from your network, try again later/)
    expect(post.turnedAway).toEqual([
      "all connections for mail, or those that one network may have, were taken",
    ])
    await first.ask("QUIT")
    await first.end()
    // The server hears a moment later that the first has left.
    const greeted = (): Promise<SocketDialogue> => post.greeted().catch(greeted)
    using fourth = await greeted()
    expect(fourth.heard).toMatch(/^250/)
    expect(await second.ask("NOOP")).toMatch(/^250 /)
  })

  // Elsewhere a machine has only one address of its own by default.
  it.skipIf(process.platform !== "linux")("leaves half of the places to other networks", async () => {
    await using post = await Post.open({ connections: 4 })
    using first = await post.greeted("127.0.1.1")
    using second = await post.greeted("127.0.1.1")
    using third = await SocketDialogue.open(post.listening.port, { localAddress: "127.0.1.1" })
    expect(await third.end()).toMatch(/^421 /)
    using other = await post.greeted("127.0.1.2")
    using last = await post.greeted("127.0.1.2")
    for (const talk of [first, second, other, last]) expect(await talk.ask("NOOP")).toMatch(/^250 /)
    using late = await SocketDialogue.open(post.listening.port, { localAddress: "127.0.1.2" })
    expect(await late.end()).toMatch(/^421 /)
  })

  it.skipIf(process.platform !== "linux")(
    "gives way to whoever comes from a network that has less: who has sent nothing, then who has sent nothing for longest",
    async () => {
      await using post = await Post.open({ connections: 6 })
      const check = await post.fixture.check()
      const begin = async (talk: SocketDialogue) => {
        await talk.ask("MAIL FROM:<a@b.example>")
        expect(await talk.ask(`RCPT TO:<${check.id}@${domain}>`)).toMatch(/^250 /)
        expect(await talk.ask("DATA")).toMatch(/^354 /)
      }
      const end = async (talk: SocketDialogue) => expect(await talk.ask("\r\n.")).toBe("250 OK")
      using sends = await post.greeted("127.0.1.1")
      await begin(sends)
      using sent = await post.greeted("127.0.1.1")
      await begin(sent)
      await end(sent)
      using idle = await post.greeted("127.0.1.1")
      const others = await Promise.all(Array.from({ length: 3 }, () => post.greeted("127.0.1.2")))
      for (const talk of [idle, ...others]) expect(await talk.ask("NOOP")).toMatch(/^250 /)

      const gone =
        /^421 4\.7\.0 Too many connections from your network while others wait, try again later\r\n$/m
      using job = await post.greeted("127.0.1.3")
      expect(await idle.end()).toMatch(gone)
      using second = await post.greeted("127.0.1.1")
      expect(await others[0]!.end()).toMatch(gone)
      using third = await post.greeted("127.0.1.4")
      expect(await second.end()).toMatch(gone)
      // Of two networks that have most, either gives way: what sends nothing does before what has sent something.
      using fourth = await post.greeted("127.0.1.5")
      expect(await others[1]!.end()).toMatch(gone)
      using fifth = await post.greeted("127.0.1.6")
      expect(await sent.end()).toMatch(gone)
      expect(post.turnedAway).toEqual(
        Array.from(
          { length: 5 },
          () => "all connections for mail were taken, and others came while they sent no message",
        ),
      )
      for (const talk of [job, third, fourth, fifth, others[2]!])
        expect(await talk.ask("NOOP")).toMatch(/^250 /)
      await end(sends)
      expect(await post.fixture.pings(check)).toHaveLength(2)
      for (const talk of others) talk[Symbol.dispose]()
    },
  )

  it.skipIf(process.platform !== "linux")(
    "keeps nobody out by messages that it begins and does not end",
    async () => {
      await using post = await Post.open({ connections: 2 })
      const check = await post.fixture.check()
      const [first, second] = [await post.greeted("127.0.1.1"), await post.greeted("127.0.1.2")]
      for (const talk of [first, second]) {
        await talk.ask("MAIL FROM:<a@b.example>")
        await talk.ask(`RCPT TO:<${check.id}@${domain}>`)
        await talk.ask("DATA")
        talk.say("x")
      }
      using job = await post.greeted("127.0.1.3")
      expect(await first.end()).toMatch(/^421 4\.7\.0 /m)
      expect(await job.ask("NOOP")).toMatch(/^250 /)
      second[Symbol.dispose]()
    },
  )

  it.skipIf(process.platform !== "linux")(
    "keeps nobody out with connections that were refused, and that it does not close",
    async () => {
      await using post = await Post.open({ connections: 4 })
      const from = { localAddress: "127.0.1.1", allowHalfOpen: true }
      const idle = await Promise.all(
        Array.from({ length: 50 }, () => SocketDialogue.open(post.listening.port, from)),
      )
      // Also while those that are let in wait for their greeting.
      using other = await post.greeted("127.0.1.2")
      expect(await other.ask("NOOP")).toMatch(/^250 /)
      for (const talk of idle) talk[Symbol.dispose]()
    },
  )

  it("gives its place back when it leaves, with STARTTLS or in the middle of it", async () => {
    await using post = await Post.open({ connections: 4, certificate: Certificate })
    const check = await post.fixture.check()
    const tls = { ca: Certificate.cert, servername: "mail.test" }
    const message = { from: "a@b.example", to: `${check.id}@${domain}` }
    const starting = (): Promise<SocketDialogue> => post.greeted().catch(starting)
    // Half of the places are those of this network, and more of both come than there are.
    for (let round = 0; round < 3; round++) {
      using leaves = await starting()
      await leaves.ask("STARTTLS")
      leaves[Symbol.dispose]()
      const send = (): Promise<unknown> =>
        mailer(post, { requireTLS: true, tls })
          .sendMail(message)
          .catch((error: { responseCode?: number }) =>
            error.responseCode === 421 ? send() : Promise.reject(error),
          )
      await send()
    }
    expect(await post.fixture.pings(check)).toHaveLength(3)
  })

  it("may send as many messages as it likes in one session", async () => {
    await using post = await Post.open()
    const check = await post.fixture.check()
    const pool = mailer(post, { pool: true, maxConnections: 1, maxMessages: Infinity })
    for (let sent = 0; sent < 300; sent++) {
      await pool.sendMail({ from: "a@b.example", to: `${check.id}@${domain}`, text: "" })
    }
    pool.close()
    const stored = await post.fixture.pings(check)
    expect(stored.length).toBeGreaterThanOrEqual(100)
  })

  it("may name as many wrong recipients as right ones, and is dismissed when it goes on without a message", async () => {
    await using post = await Post.open()
    const check = await post.fixture.check()
    const startedAt = performance.now()
    const wrong = Array.from({ length: 60 }, (_, n) => `colleague${n}@elsewhere.example`)
    await mailer(post).sendMail({ from: "a@b.example", to: [`${check.id}@${domain}`, ...wrong] })
    const patience = performance.now() - startedAt
    using endless = await post.greeted()
    await endless.ask("MAIL FROM:<a@b.example>")
    endless.say(`RCPT TO:<${check.id}@elsewhere.example>\r\n`.repeat(20_000))
    // Others are served meanwhile.
    await mailer(post).sendMail({ from: "a@b.example", to: `${check.id}@${domain}` })
    expect(await endless.end()).toMatch(/421 4\.7\.0 Too many commands without a message\r\n$/)
    expect(post.turnedAway).toEqual(["they sent too many commands of mail without a message"])
    // Each counts for five, until there are six hundred.
    expect(endless.heard.match(/550 /g)!.length).toBeLessThan(125)
    expect(await post.fixture.pings(check)).toHaveLength(2)
    expect(patience).toBeLessThan(5_000)
  })

  it("is dismissed at once when its command has no end", async () => {
    await using post = await Post.open()
    const from = { localAddress: "127.0.0.1", allowHalfOpen: true }
    using talk = await SocketDialogue.open(post.listening.port, from)
    await talk.hear(/^220 /)
    await talk.ask("EHLO client.example")
    expect(await talk.ask(`NOOP ${"x".repeat(8_000)}`)).toMatch(/^250 /)
    talk.heard = ""
    talk.say("x".repeat(9_000))
    await talk.hear(/^500 5\.5\.2 Line too long\r\n421 [^]*\r\n$/)
    const startedAt = performance.now()
    const going = setInterval(() => talk.say("x".repeat(9_000)), 5)
    await talk.end()
    clearInterval(going)
    expect(performance.now() - startedAt).toBeLessThan(4_000)
  })

  it("does not keep the server from a handshake with others", async () => {
    await using post = await Post.open({ certificate: Certificate, silence: 300 })
    const check = await post.fixture.check()
    using stuck = await post.greeted()
    await stuck.ask("STARTTLS")
    stuck.say("this is no handshake\r\n")
    const tls = { ca: Certificate.cert, servername: "mail.test" }
    await mailer(post, { requireTLS: true, tls }).sendMail({
      from: "a@b.example",
      to: `${check.id}@${domain}`,
    })
    await stuck.end()
    expect(await post.fixture.pings(check)).toHaveLength(1)
  })
})

describe("when the store cannot serve", () => {
  it("a message is refused for now, not accepted and lost", async () => {
    const failing = Layer.effect(
      Store.Store,
      Effect.gen(function* () {
        const store = Context.get(yield* Layer.build(MemoryStore.layer), Store.Store)
        let isDown = false
        return {
          ...store,
          check: (id: string) => {
            isDown = true
            return store.check(id)
          },
          transact: ((selection, decide) =>
            isDown
              ? Effect.fail(new Store.StoreError({ reason: "full", detail: "the disk is full" }))
              : store.transact(selection, decide)) as typeof store.transact,
        }
      }),
    )
    await using post = await Post.open({}, await MailFixture.open({ store: failing }))
    const check = await post.fixture.check()
    await expect(
      mailer(post).sendMail({ from: "a@b.example", to: `${check.id}@${domain}` }),
    ).rejects.toMatchObject({ response: "451 4.3.0 Try again later" })
  })
})

describe("a check that has had its signals for this minute", () => {
  it("makes the sender try again later, and says when", async () => {
    await using post = await Post.open({}, await MailFixture.open({ settings: { signalsPerMinute: 1 } }))
    const [check, other] = [await post.fixture.check(), await post.fixture.check()]
    const send = ({ id }: Check) => mailer(post).sendMail({ from: "a@b.example", to: `${id}@${domain}` })
    await send(check)
    await expect(send(check)).rejects.toMatchObject({
      response: expect.stringMatching(
        /^451 4\.7\.1 too many signals for one check; the next one is taken in (60|59) s$/,
      ),
    })
    await send(other)
    expect(await post.fixture.pings(check)).toHaveLength(1)
  })

  it("keeps no other recipient of the message from its ping, and pings none twice", async () => {
    await using post = await Post.open({}, await MailFixture.open({ settings: { signalsPerMinute: 1 } }))
    const [check, other] = [await post.fixture.check(), await post.fixture.check()]
    const send = (...checks: readonly Check[]) =>
      mailer(post).sendMail({ from: "a@b.example", to: checks.map(({ id }) => `${id}@${domain}`) })
    await send(check)
    await send(check, other)
    expect(await post.fixture.pings(check)).toHaveLength(1)
    expect(await post.fixture.pings(other)).toHaveLength(1)
    await expect(send(check, other)).rejects.toMatchObject({
      response: expect.stringMatching(/^451 4\.7\.1/),
    })
  })
})

describe("a listener that is closed", () => {
  it("answers the message that has begun, dismisses the idle, and lets nobody in", async () => {
    const fixture = await MailFixture.open()
    await using _ = fixture
    const listening = await SmtpServer.listen(fixture.services, { host: "127.0.0.1", port: 0 })
    const check = await fixture.check()
    using idle = await SocketDialogue.open(listening.port)
    await idle.hear(/^220 /)
    using busy = await SocketDialogue.open(listening.port)
    await busy.hear(/^220 /)
    await busy.ask("EHLO x")
    await busy.ask("MAIL FROM:<a@b.example>")
    await busy.ask(`RCPT TO:<${check.id}@${domain}>`)
    await busy.ask("DATA")
    busy.say("Subject: half")
    const closed = listening.close()
    expect(await idle.end()).toMatch(/421 /)
    expect(await busy.ask(" a message\r\n\r\n.")).toBe("250 OK")
    expect(await busy.ask("QUIT")).toMatch(/^421 /)
    await closed
    expect(await fixture.pings(check)).toMatchObject([{ body: "Subject: half a message\r\n\r\n" }])
    await expect(SocketDialogue.open(listening.port)).rejects.toThrow("ECONNREFUSED")
  })

  it("does not wait for a message that never ends", async () => {
    const post = await Post.open()
    using talk = await post.greeted()
    const check = await post.fixture.check()
    await talk.ask("MAIL FROM:<a@b.example>")
    await talk.ask(`RCPT TO:<${check.id}@${domain}>`)
    await talk.ask("DATA")
    await post.listening.close(100)
    await post[Symbol.asyncDispose]()
    expect(await talk.end()).toMatch(/421 /)
  })

  it("cannot be opened where another listens, or with a certificate that is none", async () => {
    await using post = await Post.open()
    const { port } = post.listening
    await expect(Post.open({ port }, post.fixture)).rejects.toMatchObject({ code: "EADDRINUSE" })
    await expect(Post.open({ certificate: { cert: "no", key: "no" } }, post.fixture)).rejects.toThrow(
      /PEM|start line/i,
    )
  })

  it.skipIf(process.platform !== "linux")(
    "takes mail on all addresses of a name, and closes all",
    async () => {
      await using fixture = await MailFixture.open()
      const all = ["127.0.0.1", "127.0.0.2"]
      const host = "x.test"
      const listening = await SmtpServer.listen(fixture.services, {
        host,
        port: 0,
        addresses: async () => all,
      })
      const check = await fixture.check()
      for (const address of all) {
        const mail = nodemailer.createTransport({ host: address, port: listening.port })
        await mail.sendMail({ from: "a@example.org", to: `${check.id}@${domain}` })
      }
      expect(await fixture.pings(check)).toHaveLength(2)
      await listening.close(0)
      for (const address of all) {
        const mail = nodemailer.createTransport({ host: address, port: listening.port })
        await expect(mail.verify()).rejects.toThrow("ECONNREFUSED")
      }
    },
  )

  it("names IPv6 hosts as URLs do", async () => {
    await using fixture = await MailFixture.open()
    const listening = await SmtpServer.listen(fixture.services, { host: "::1", port: 0 })
    expect(listening.url).toBe(`smtp://[::1]:${listening.port}`)
    await listening.close(0)
  })

  it("speaks TLS with the certificate that it was given", async () => {
    await using post = await Post.open({ certificate: Certificate })
    using talk = await post.greeted()
    expect(talk.heard).toContain("STARTTLS")
    await talk.ask("STARTTLS")
    const secure = connect({ socket: talk.socket, ca: Certificate.cert, servername: "mail.test" })
    await new Promise((resolve) => secure.once("secureConnect", resolve))
    expect(secure.getPeerCertificate().subject.CN).toBe("mail.test")
    secure.destroy()
  })
})
