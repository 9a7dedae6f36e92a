/** Pings by e-mail from end to end: a real process with a mail port, and mail over real sockets. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as nodemailer from "nodemailer"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import * as Certificate from "../../kit/Certificate.ts"
import { SocketDialogue } from "../../kit/SocketDialogue.ts"

const domain = "ping.example.org"
const mailArgs = ["--smtp-port", "0", "--ping-email-domain", domain]

/** The port that the second line names. */
const mailPort = async (overdue: OverdueServer): Promise<number> => {
  const line = await overdue.printed(/^pings by e-mail are taken on smtp:\/\/127\.0\.0\.1:(\d+)$/m)
  return Number(line[1])
}

const createCheck = async (overdue: OverdueServer, fields: object = {}): Promise<string> => {
  const { status, json } = await overdue.api("POST", "/api/v3/checks/", { name: "report", ...fields })
  expect(status).toBe(201)
  return String(json["uuid"])
}

describe("a server with a mail port", () => {
  it("takes reports, judges them by their keywords, and keeps them", async () => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path, { args: mailArgs })
    const id = await createCheck(overdue, {
      filter_subject: true,
      filter_body: true,
      success_kw: "SUCCESS",
      failure_kw: "FAILED",
    })
    const mailer = nodemailer.createTransport({ host: "127.0.0.1", port: await mailPort(overdue) })
    const report = { from: "cron@example.org", to: `${id}@${domain}` }
    await mailer.sendMail({ ...report, subject: "Sicherung: SUCCESS ✅" })
    expect((await overdue.api("GET", `/api/v3/checks/${id}`)).json["status"]).toBe("up")
    await mailer.sendMail({ ...report, subject: "Sicherung", html: "<b>FAIL</b>ED" })
    expect((await overdue.api("GET", `/api/v3/checks/${id}`)).json["status"]).toBe("down")
    const { json } = await overdue.api("GET", `/api/v3/checks/${id}/pings/`)
    expect(json["pings"]).toMatchObject([
      { type: "fail", scheme: "email", method: "", ua: "Email from cron@example.org" },
      { type: "success", scheme: "email" },
    ])
    const kept = await overdue.api("GET", `/api/v3/checks/${id}/pings/2/body`)
    expect(kept.json["text"]).toContain("Subject: Sicherung")
  })

  it("finishes the message that has begun when it is stopped", async () => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path, { args: mailArgs })
    const id = await createCheck(overdue)
    using idle = await SocketDialogue.open(await mailPort(overdue))
    await idle.hear(/^220 /)
    using talk = await SocketDialogue.open(await mailPort(overdue))
    await talk.hear(/^220 /)
    await talk.ask("EHLO client.example")
    await talk.ask("MAIL FROM:<cron@example.org>")
    await talk.ask(`RCPT TO:<${id}@${domain}>`)
    await talk.ask("DATA")
    const ended = overdue.stop()
    await idle.end()
    expect(await talk.ask("Subject: last\r\n\r\nwords\r\n.")).toBe("250 OK")
    await talk.ask("QUIT")
    expect((await ended).code).toBe(0)
    await using again = await OverdueServer.start(folder.path)
    expect((await again.api("GET", `/api/v3/checks/${id}`)).json["n_pings"]).toBe(1)
  })

  it("encrypts with a certificate of its operator", async () => {
    using folder = Folder.make()
    const [cert, key] = [join(folder.path, "cert.pem"), join(folder.path, "key.pem")]
    writeFileSync(cert, Certificate.cert)
    writeFileSync(key, Certificate.key)
    const args = [...mailArgs, "--smtp-cert", cert, "--smtp-key", key]
    await using overdue = await OverdueServer.start(folder.path, { args })
    const id = await createCheck(overdue)
    const mailer = nodemailer.createTransport({
      host: "127.0.0.1",
      port: await mailPort(overdue),
      requireTLS: true,
      tls: { ca: Certificate.cert, servername: "mail.test" },
    })
    await mailer.sendMail({ from: "cron@example.org", to: `${id}@${domain}`, text: "done" })
    expect((await overdue.api("GET", `/api/v3/checks/${id}`)).json["n_pings"]).toBe(1)
  })

  it("takes a message that was received elsewhere over HTTP", async () => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path, { args: ["--ping-email-domain", domain] })
    const id = await createCheck(overdue)
    const answer = await fetch(`${overdue.url}/inbound/email?to=${id}@${domain}`, {
      method: "POST",
      body: "Subject: handed over\r\n\r\ndone\r\n",
    })
    expect([answer.status, await answer.text()]).toEqual([200, "OK"])
    expect((await overdue.api("GET", `/api/v3/checks/${id}`)).json["n_pings"]).toBe(1)
  })
})
