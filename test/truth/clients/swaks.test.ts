/** Mail as swaks sends it, the SMTP test tool of mail administrators. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it, type TestContext } from "vitest"
import { domain, Grounds } from "./ClientFixture.ts"
import * as Tool from "./Tool.ts"

const open = async (context: TestContext) => {
  const swaks = Tool.need(context, "swaks")
  const grounds = await Grounds.open("--smtp-port", "0", "--ping-email-domain", domain)
  const [, server = ""] = await grounds.overdue.printed(/^pings by e-mail are taken on smtp:\/\/(\S+)$/m)
  const send = (to: string, ...args: readonly string[]) =>
    swaks(["--server", server, "--from", "cron@example.org", "--to", to, "--silent", "2", ...args])
  return { grounds, send }
}

it("swaks hands over a report with an attachment", async (context) => {
  const { grounds, send } = await open(context)
  await using _ = grounds
  const { id } = await grounds.check({ filter_subject: true, success_kw: "SUCCESS", failure_kw: "FAILED" })
  const log = join(grounds.folder, "job.log")
  writeFileSync(log, "FAILED is only in the log\n")
  const sent = await send(`${id}@${domain}`, "--header", "Subject: Backup: SUCCESS", "--attach", `@${log}`)
  expect(sent.code).toBe(0)
  expect(await grounds.pings(id)).toMatchObject([
    { type: "success", scheme: "email", ua: "Email from cron@example.org" },
  ])
  expect((await send(`${id}@${domain}`, "--header", "Subject: Backup: FAILED")).code).toBe(0)
  expect(await grounds.status(id)).toBe("down")
})

it("swaks hands over one message to several checks", async (context) => {
  const { grounds, send } = await open(context)
  await using _ = grounds
  const [first, second] = [await grounds.check(), await grounds.check()]
  expect((await send(`${first.id}@${domain},${second.id}@${domain}`)).code).toBe(0)
  expect(await grounds.pings(first.id)).toHaveLength(1)
  expect(await grounds.pings(second.id)).toHaveLength(1)
})

it("swaks is told when an address is no ping", async (context) => {
  const { grounds, send } = await open(context)
  await using _ = grounds
  const elsewhere = await send("someone@example.org")
  // 24: the server accepted no recipient.
  expect([elsewhere.code, elsewhere.stderr + elsewhere.stdout]).toEqual([
    24,
    expect.stringContaining("550 5.1.1 Recipient rejected"),
  ])
  const nobody = await send(`nobody@${domain}`)
  expect(nobody.stderr + nobody.stdout).toContain("550 5.1.1 Invalid mailbox")
})
