import type { Check } from "@overdue/core/Check"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Projects from "@overdue/engine/commands/Projects"
import * as Settings from "@overdue/engine/Settings"
import * as EmailPing from "@overdue/server/mail/EmailPing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { describe, expect, it } from "vitest"
import { keys } from "../../../../test/kit/Keys.ts"
import { domain, MailFixture } from "./MailFixture.ts"

const source = (subject: string, text: string): Uint8Array =>
  Buffer.from(`From: cron@example.org\r\nSubject: ${subject}\r\n\r\n${text}\r\n`)

const message = (given: Partial<EmailPing.Message>): EmailPing.Message => ({
  remoteAddress: "192.0.2.9",
  network: "192.0.2.9",
  from: "cron@example.org",
  to: [],
  data: source("Backup", "done"),
  ...given,
})

const receive = (fixture: MailFixture, given: Partial<EmailPing.Message>) =>
  Effect.runPromiseWith(fixture.services)(EmailPing.receive(message(given)))

describe("mails that somebody sends without end", () => {
  it("have a line in the log for each that says something else, and hide no other news", async () => {
    await using fixture = await MailFixture.open()
    for (const _ of ["one", "other"]) await fixture.check({}, "twin")
    const lines: string[] = []
    const logger = Logger.make(({ fiber }) => {
      const { recipient, outcome } = fiber.getRef(References.CurrentLogAnnotations)
      lines.push(`${String(recipient)} ${String(outcome)}`)
    })
    const services = fixture.services.pipe(
      Context.add(Logger.CurrentLoggers, new Set([logger])),
      Context.add(References.MinimumLogLevel, "Info"),
    )
    const send = (...names: readonly string[]) =>
      Effect.runPromiseWith(services)(
        EmailPing.receive(message({ to: names.map((name) => `${name}@${domain}`) })),
      )
    for (let n = 0; n < 10; n++) await send(...Array.from({ length: 100 }, () => "nobody"))
    expect(lines).toEqual(["nobody unknown check"])
    for (let n = 0; n < 500; n++) await send(crypto.randomUUID())
    for (let n = 0; n < 3; n++) await send(`${keys.ping}+twin`)
    expect(lines.length).toBeLessThan(350)
    expect(lines.filter((line) => line.includes("ambiguous"))).toEqual(["…+twin ambiguous slug"])
  })
})

describe("a message to a check", () => {
  it("that cannot be parsed is logged by the name of the check, without what pings it", async () => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check({ body: true, failureKeywords: "FAILED" }, "nightly")
    const nameless = await fixture.check({ body: true, failureKeywords: "FAILED" })
    const lines: string[] = []
    const logger = Logger.make(({ message }) => void lines.push([message].flat().join(" ")))
    const services = Context.add(fixture.services, Logger.CurrentLoggers, new Set([logger]))
    const nested = Array.from(
      { length: 100 },
      (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
    )
    const data = Buffer.from(`${nested.join("")}Content-Type: text/plain\r\n\r\nFAILED\r\n`)
    await Effect.runPromiseWith(services)(
      EmailPing.receive(message({ to: [check, nameless].map(({ id }) => `${id}@${domain}`), data })),
    )
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^an e-mail to check "nightly" could not be parsed: its keywords are searched in /,
      ),
    )
    expect(lines.join()).not.toContain(check.id)
    expect(await fixture.pings(check)).toMatchObject([{ kind: "fail" }])
  })

  it("is a success, logged with what it carried and where it came from", async () => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check()
    const data = source("Backup", "done")
    expect(await receive(fixture, { to: [`${check.id}@${domain}`], data })).toEqual(["received"])
    expect(await fixture.pings(check)).toMatchObject([
      {
        kind: "success",
        scheme: "email",
        method: "",
        userAgent: "Email from cron@example.org",
        remoteAddress: "192.0.2.9",
        rid: undefined,
        exitStatus: undefined,
        body: Buffer.from(data).toString(),
      },
    ])
  })

  it("may be addressed by ping key and slug", async () => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check({}, "db-backup")
    expect(await receive(fixture, { to: [`${keys.ping}+db-backup@${domain}`] })).toEqual(["received"])
    expect(await fixture.pings(check)).toHaveLength(1)
  })

  it.each([
    ["subject", { subject: true }, source("job FAILED", "SUCCESS"), "fail"],
    ["body", { body: true }, source("job FAILED", "SUCCESS"), "success"],
    ["subject, encoded", { subject: true }, source("=?utf-8?q?=E2=9C=85_ST?= =?utf-8?q?ART?=", ""), "start"],
    ["either, failure first", { subject: true, body: true }, source("SUCCESS", "job FAILED"), "fail"],
    ["neither", { subject: true, body: true }, source("hello", "world"), "ignored"],
    ["neither, which counts as failure", { subject: true, defaultFail: true }, source("hello", ""), "fail"],
  ] as const)("is judged by the keywords in its %s", async (_case, filters, data, kind) => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check({
      failureKeywords: "FAILED, ERROR",
      successKeywords: "SUCCESS",
      startKeywords: "START",
      ...filters,
    })
    await receive(fixture, { to: [`${check.id}@${domain}`], data })
    expect((await fixture.pings(check)).map((ping) => ping.kind)).toEqual([kind])
  })

  it.each([
    ["the end of a line", "the backup\r\n  has failed\r\n"],
    ["a space that does not break", "the backup\u00a0has\u202ffailed"],
    ["several spaces", "backup   has\tfailed"],
  ])("finds a phrase across %s", async (_case, text) => {
    await using fixture = await MailFixture.open()
    const inBody = await fixture.check({ body: true, failureKeywords: "backup has failed" })
    const inSubject = await fixture.check({ subject: true, failureKeywords: "backup has failed" })
    const subject = `=?utf-8?B?${Buffer.from(text.replace(/\r\n/g, "")).toString("base64")}?=`
    await receive(fixture, { to: [`${inBody.id}@${domain}`], data: source("x", text) })
    await receive(fixture, { to: [`${inSubject.id}@${domain}`], data: source(subject, "") })
    for (const check of [inBody, inSubject])
      expect((await fixture.pings(check)).map(({ kind }) => kind)).toEqual(["fail"])
  })

  it("reaches its check by a ping key whose case a relay has changed, unless two have it", async () => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check({}, "nightly")
    const to = [`${keys.ping.toUpperCase()}+NIGHTLY@${domain}`]
    expect(await receive(fixture, { to })).toEqual(["received"])
    await fixture.monitor.runtime.runPromise(
      Projects.create({ name: "twin", pingKey: "PINGkey0123456789abcd" }),
    )
    expect(await receive(fixture, { to })).toEqual(["unknown check"])
    expect(await receive(fixture, { to: [`${keys.ping}+nightly@${domain}`] })).toEqual(["received"])
    expect(await fixture.pings(check)).toHaveLength(2)
  })

  it("pings each of several checks", async () => {
    await using fixture = await MailFixture.open()
    const [first, second] = [await fixture.check(), await fixture.check()]
    const unknown = crypto.randomUUID()
    const to = [first.id, unknown, second.id.toUpperCase()].map((local) => `${local}@${domain}`)
    expect(await receive(fixture, { to })).toEqual(["received", "unknown check", "received"])
    expect(await fixture.pings(first)).toHaveLength(1)
    expect(await fixture.pings(second)).toHaveLength(1)
  })

  it.each([
    ["an id that no check has", crypto.randomUUID()],
    ["a slug that no check has", `${keys.ping}+nobody`],
    ["a ping key that no project has", "anotherkey456789abcde+backup"],
    ["what is no mailbox", "postmaster"],
  ])("changes nothing and creates nothing when it is for %s", async (_case, local) => {
    await using fixture = await MailFixture.open()
    expect(await receive(fixture, { to: [`${local}@${domain}`] })).toEqual(["unknown check"])
    expect(await fixture.monitor.checks()).toEqual([])
  })

  it("pings nobody when two checks have the slug", async () => {
    await using fixture = await MailFixture.open()
    const checks = [await fixture.check({}, "twin"), await fixture.check({}, "twin")]
    expect(await receive(fixture, { to: [`${keys.ping}+twin@${domain}`] })).toEqual(["ambiguous slug"])
    for (const check of checks) expect(await fixture.pings(check)).toEqual([])
  })

  it("is kept up to the limit of ping bodies, and of a sender what fits", async () => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check({ body: true, successKeywords: "needle" })
    const data = source("long", `${"hay ".repeat(50_000)}needle`)
    await receive(fixture, { to: [`${check.id}@${domain}`], data, from: `${"x".repeat(300)}@example.org` })
    const [ping] = await fixture.pings(check)
    expect(ping!.body).toHaveLength(Settings.defaults.pingBodyLimit)
    expect(ping!.userAgent).toHaveLength(200)
    // The keyword is looked for beyond what is kept.
    expect(ping!.kind).toBe("success")
  })

  it("is not kept when nothing is to be kept, or when it is empty", async () => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check()
    const to = [`${check.id}@${domain}`]
    await receive(fixture, { to, data: new Uint8Array(), from: "" })
    const frugal = Object.assign({}, Settings.defaults, { pingBodyLimit: 0 })
    await Effect.runPromiseWith(fixture.services)(
      EmailPing.receive({ remoteAddress: "", network: "", from: "", to, data: source("x", "y") }).pipe(
        Effect.provideService(Settings.Settings, frugal),
      ),
    )
    expect((await fixture.pings(check)).map(({ body, userAgent }) => [body, userAgent])).toEqual([
      ["", "Email from "],
      ["", "Email from "],
    ])
  })
})

describe("a message that has to be read", () => {
  it("counts as of its arrival, for checks that judge it by what it says", async () => {
    await using fixture = await MailFixture.open()
    const read = await fixture.check({ subject: true, failureKeywords: "FAILED" })
    const plain = await fixture.check()
    const real = Context.get(fixture.services, Receive.Receive)
    const steps: unknown[] = []
    const receive: Receive.Receive["Service"] = {
      ...real,
      announce: (checks) => {
        steps.push(["announced", checks])
        return { arrivedAt: 1_000, over: () => void steps.push("over") }
      },
      receive: (arrival) => {
        steps.push(["taken", arrival.arrivedAt])
        return real.receive(arrival)
      },
    }
    const services = Context.add(fixture.services, Receive.Receive, receive)
    const send = ({ id }: Check, data?: Uint8Array) =>
      Effect.runPromiseWith(services)(
        EmailPing.receive(message({ to: [`${id}@${domain}`], ...(data && { data }) })),
      )
    await send(plain)
    expect(steps.splice(0)).toEqual([["taken", undefined]])
    await send(read, source("job FAILED", ""))
    expect(steps).toEqual([["announced", [read.id]], ["taken", 1_000], "over"])
  })
})
