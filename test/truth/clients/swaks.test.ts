/** Mail as swaks sends it, the SMTP test tool of mail administrators. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it, type TestContext } from "vitest"
import { domain, ClientFixture } from "./ClientFixture.ts"
import * as Tool from "./Tool.ts"

const open = async (context: TestContext) => {
  const swaks = Tool.need(context, "swaks")
  const fixture = await ClientFixture.open("--smtp-port", "0", "--ping-email-domain", domain)
  const [, server = ""] = await fixture.overdue.printed(/^pings by e-mail are taken on smtp:\/\/(\S+)$/m)
  const send = (to: string, ...args: readonly string[]) =>
    swaks(["--server", server, "--from", "cron@example.org", "--to", to, "--silent", "2", ...args])
  return { fixture, send }
}

it("swaks hands over a report with an attachment", async (context) => {
  const { fixture, send } = await open(context)
  await using _ = fixture
  const { id } = await fixture.check({ filter_subject: true, success_kw: "SUCCESS", failure_kw: "FAILED" })
  const log = join(fixture.folder, "job.log")
  writeFileSync(log, "FAILED is only in the log\n")
  const sent = await send(`${id}@${domain}`, "--header", "Subject: Backup: SUCCESS", "--attach", `@${log}`)
  expect(sent.code).toBe(0)
  expect(await fixture.pings(id)).toMatchObject([
    { type: "success", scheme: "email", ua: "Email from cron@example.org" },
  ])
  expect((await send(`${id}@${domain}`, "--header", "Subject: Backup: FAILED")).code).toBe(0)
  expect(await fixture.status(id)).toBe("down")
})

it("swaks hands over one message to several checks", async (context) => {
  const { fixture, send } = await open(context)
  await using _ = fixture
  const [first, second] = [await fixture.check(), await fixture.check()]
  expect((await send(`${first.id}@${domain},${second.id}@${domain}`)).code).toBe(0)
  expect(await fixture.pings(first.id)).toHaveLength(1)
  expect(await fixture.pings(second.id)).toHaveLength(1)
})

it("swaks is told when an address is no ping", async (context) => {
  const { fixture, send } = await open(context)
  await using _ = fixture
  const elsewhere = await send("someone@example.org")
  // 24: the server accepted no recipient.
  expect([elsewhere.code, elsewhere.stderr + elsewhere.stdout]).toEqual([
    24,
    expect.stringContaining("550 5.1.1 Recipient rejected"),
  ])
  const nobody = await send(`nobody@${domain}`)
  expect(nobody.stderr + nobody.stdout).toContain("550 5.1.1 Invalid mailbox")
})
