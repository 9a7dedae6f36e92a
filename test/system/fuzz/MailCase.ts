/** One hostile message, and the conversation that hands it over. */
import { keys } from "../../kit/Keys.ts"
import * as HostileValue from "./HostileValue.ts"
import type { Addresses } from "./HttpCase.ts"
import type { SeededRandom } from "../../kit/SeededRandom.ts"

export interface MailCase {
  readonly recipient: string
  /** The envelope up to DATA, each command a line. Empty: `raw` is said instead. */
  readonly envelope: readonly string[]
  /** What follows DATA, its end included; or what is said without any manners. */
  readonly raw: Buffer
}

export const make = (random: SeededRandom, addresses: Addresses): MailCase => {
  const recipient = random.pick([
    `${random.pick(addresses.checks)}@${addresses.domain}`,
    `${keys.ping}+job-${random.below(50)}@${addresses.domain}`,
  ])
  const message = escapedDots(random.happens(0.3) ? HostileValue.mutate(random, mime(random)) : mime(random))
  const envelope = [
    `MAIL FROM:<${random.pick(["", "cron@example.org", `${"x".repeat(200)}@b.example`, "a.@b..c"])}>`,
    `RCPT TO:<${recipient}>`,
    "DATA",
  ]
  if (random.happens(0.85)) return { recipient, envelope, raw: message }
  const impolite = Buffer.concat([Buffer.from(`EHLO x\r\n${envelope.join("\r\n")}\r\n`), message])
  return {
    recipient,
    envelope: [],
    raw: random.happens(0.3) ? random.bytes(random.below(2_000)) : HostileValue.mutate(random, impolite),
  }
}

/** RFC 5321 §4.5.2; and line breaks as SMTP has them, at the end at least. */
const escapedDots = (message: Buffer): Buffer => {
  const text = message
    .toString("latin1")
    .replace(/\r?\n|\r/g, "\r\n")
    .replace(/^\./gm, "..")
  return Buffer.from(`${text}\r\n.\r\n`, "latin1")
}

const mime = (random: SeededRandom): Buffer =>
  Buffer.concat([Buffer.from(`${headers(random).join("\r\n")}\r\n`), part(random, 0)])

const headers = (random: SeededRandom): readonly string[] =>
  random.times(random.below(8), () => {
    const name = random.pick([
      "Subject",
      "Subject",
      "From",
      "To",
      "Date",
      "Message-ID",
      "X-Long",
      HostileValue.text(random),
    ])
    return `${name}: ${random.pick([HostileValue.text(random), encodedWord(random)])}`
  })

const encodedWord = (random: SeededRandom): string =>
  random
    .times(random.between(1, 30), () => {
      const charset = random.pick(["utf-8", "iso-8859-1", "utf-16", "utf-7", "klingon", "gb18030", ""])
      return `=?${charset}?${random.pick("bBqQx".split(""))}?${random.bytes(random.below(20)).toString("base64")}?=`
    })
    .join(random.pick([" ", "", "\r\n ", "\r\n\t"]))

const part = (random: SeededRandom, depth: number): Buffer => {
  if (depth < 6 && random.happens(0.4)) return multipart(random, depth)
  const type = random.pick([
    `text/plain; charset=${random.pick(["utf-8", "us-ascii", "utf-16le", "x-none", '"', HostileValue.text(random)])}`,
    "text/html",
    "text/html; charset=utf-8",
    "application/octet-stream; name*0*=utf-8''%ff; name*1=x",
    "message/rfc822",
    "text/calendar; method=",
    HostileValue.text(random),
  ])
  const encoding = random.pick([
    "7bit",
    "8bit",
    "base64",
    "quoted-printable",
    "x-uuencode",
    HostileValue.text(random),
  ])
  const disposition = random.pick(["inline", "attachment; filename=x", HostileValue.text(random)])
  const head = `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\nContent-Disposition: ${disposition}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), content(random, encoding)])
}

const multipart = (random: SeededRandom, depth: number): Buffer => {
  const boundary = random.pick(["b", `b${depth}`, "--", "", "b ".repeat(40), HostileValue.text(random)])
  const kind = random.pick(["mixed", "alternative", "related", "digest", "report", "signed", "x"])
  const parts = random.times(random.below(4), () => [
    Buffer.from(`\r\n--${boundary}\r\n`),
    part(random, depth + 1),
  ])
  return Buffer.concat([
    Buffer.from(`Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n`),
    ...parts.flat(),
    Buffer.from(random.happens(0.7) ? `\r\n--${boundary}--\r\n` : ""),
  ])
}

const content = (random: SeededRandom, encoding: string): Buffer => {
  const plain = random.pick<() => Buffer>([
    () => Buffer.from(HostileValue.text(random)),
    () => Buffer.from(html(random)),
    () => Buffer.from("job FAILED\r\nSUCCESS\r\n"),
    () => random.bytes(random.below(2_000)),
    () =>
      Buffer.alloc(
        random.happens(0.01) ? 1_000_000 : 1_000,
        random.pick(["x", "\r\n", "--b\r\n", "<p>", "=\r\n"]),
      ),
  ])()
  return encoding === "base64" && random.happens(0.7) ? Buffer.from(plain.toString("base64")) : plain
}

const tags = [
  "p",
  "b",
  "table",
  "td",
  "ul",
  "li",
  "a href=x",
  "img src=x",
  "style",
  "script",
  "!--",
  "pre",
  "?",
  "![CDATA[",
]

const html = (random: SeededRandom): string =>
  random
    .times(random.below(random.pick([10, 300])), () => {
      const tag = random.pick(tags)
      return random.pick([
        `<${tag}>`,
        `</${tag}>`,
        `<${tag}`,
        "&amp;",
        "&#xffffffff;",
        "FAILED",
        HostileValue.text(random),
      ])
    })
    .join("")
