/** Attacks by mail: headers that are folded without end, and messages that take their parser apart. */
import * as WorstBodies from "../../../kit/WorstBodies.ts"
import * as MailCase from "../../fuzz/MailCase.ts"
import type { SeededRandom } from "../../../kit/SeededRandom.ts"
import type { Attack, Stranger } from "../Stranger.ts"

/** Parts in parts, deeper than anybody writes. */
const nested = (depth: number): string =>
  Array.from(
    { length: depth },
    (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\r\n\r\n--b${at}\r\n`,
  ).join("")

const bombs: readonly string[] = [
  ...WorstBodies.messages.map(([, text]) => text),
  nested(5_000),
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\n\r\nx\r\n".repeat(60_000)}`,
  `Content-Type: text/html\r\n\r\n${"<table><tr><td>".repeat(40_000)}`,
  `Content-Type: text/html\r\n\r\n${"&amp;<i>".repeat(100_000)}`,
  `Subject: ${"=?utf-8?b?YQ==?=\r\n ".repeat(20_000)}\r\n\r\nx`,
]

const addressOf = ({ target }: Stranger, random: SeededRandom): string =>
  `${random.pick(target.addresses.checks)}@${target.addresses.domain}`

/** Messages of strangers who know an address of their own. */
export const attacks: readonly Attack[] = [
  {
    name: "worst headers to /inbound/email",
    lanes: 1,
    pause: 200,
    run: (stranger, random) => {
      const to = random.happens(0.5) ? `?to=${addressOf(stranger, random)}` : ""
      const body = `${random.pick(WorstBodies.headers)[1]}\r\n\r\ndone`
      return stranger.ask({ method: "POST", path: `/inbound/email${to}`, body })
    },
  },
  {
    name: "worst messages over SMTP",
    lanes: 3,
    pause: 500,
    run: (stranger, random) => stranger.mail(addressOf(stranger, random), random.pick(bombs)),
  },
  {
    name: "hostile mails over SMTP",
    lanes: 1,
    pause: 100,
    run: async (stranger, random) => {
      const { raw } = MailCase.make(random, stranger.target.addresses)
      await stranger.mail(addressOf(stranger, random), raw.toString("latin1"))
    },
  },
]
