/** Sends a real server hostile requests and mails, and watches that it answers, lives, and does not grow. */
import * as Folder from "../../kit/Folder.ts"
import type * as Overdue from "../../kit/Overdue.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import * as ProcessFigures from "../../kit/ProcessFigures.ts"
import * as Exchange from "./Exchange.ts"
import * as HttpCase from "./HttpCase.ts"
import * as MailCase from "./MailCase.ts"
import * as Prepared from "./Prepared.ts"
import { SeededRandom } from "../../kit/SeededRandom.ts"
import * as Smtp from "./Smtp.ts"

export interface Options {
  readonly seed: number
  readonly requests: number
  readonly mails: number
  /** The first case of either kind; those before it are left out. */
  readonly from?: number
  /** What the server keeps its checks in; by default a file of SQLite. */
  readonly database?: string | undefined
  readonly onProgress?: (share: number, megabytes: number) => void
}

export interface Failure {
  readonly seed: number
  readonly kind: "request" | "mail"
  readonly index: number
  readonly why: string
  /** What was sent, printable. */
  readonly sent: string
}

export interface Report {
  readonly failures: readonly Failure[]
  /** How often each status or reply code was heard; 0 stands for none. */
  readonly answers: ReadonlyMap<string, number>
  /** Milliseconds that the slowest answer took, but for those that wait until a message has been read. */
  readonly slowest: number
  /** Megabytes of the server process, after each twentieth of the work. */
  readonly memory: readonly number[]
  readonly ended: Overdue.Ended
}

const domain = "ping.example.org"
const lanes = { requests: 32, mails: 8 }
const failuresKept = 10

/** Requests after which the checks that they made are deleted: what is kept of each shows then, and not what they are. */
const tidiedAfter = 20_000

export const run = async (options: Options): Promise<Report> => {
  using folder = Folder.make()
  await using overdue = await OverdueServer.start(folder.path, {
    args: ["--smtp-port", "0", "--ping-email-domain", domain],
    ...(options.database !== undefined && { database: options.database }),
    environment: {
      // A server that kept something of each case would not get by with so little for long.
      NODE_OPTIONS: "--max-old-space-size=96 --max-semi-space-size=8",
      OVERDUE_SECRET: "of a server under attack",
    },
  })
  const mailPort = Number((await overdue.printed(/^pings by e-mail .*:(\d+)$/m))[1])
  const session = new Session(options, await Prepared.make(overdue, domain), overdue)
  await Promise.race([
    overdue.ended,
    Promise.all([
      ...Array.from({ length: lanes.requests }, () => session.requests(Number(new URL(overdue.url).port))),
      ...Array.from({ length: lanes.mails }, () => session.mails(mailPort)),
    ]),
  ])
  return session.report(await overdue.stop())
}

/** One run: its lanes take the next case until there is none. */
class Session {
  readonly #options: Options
  readonly #addresses: HttpCase.Addresses
  readonly #overdue: OverdueServer
  readonly #failures: Failure[] = []
  readonly #answers = new Map<string, number>()
  readonly #memory: number[] = []
  readonly #next: { request: number; mail: number }
  #slowest = 0
  #done = 0

  constructor(options: Options, addresses: HttpCase.Addresses, overdue: OverdueServer) {
    this.#options = options
    this.#addresses = addresses
    this.#overdue = overdue
    this.#next = { request: options.from ?? 0, mail: options.from ?? 0 }
  }

  async requests(port: number): Promise<void> {
    for (;;) {
      const index = this.#next.request++
      if (index >= this.#options.requests || this.#isOver) return
      const made = HttpCase.make(SeededRandom.ofCase(this.#options.seed, index), this.#addresses)
      const { status, after } = await Exchange.send(port, made.bytes, made.isWhole)
      if (!made.mayWait) this.#slowest = Math.max(this.#slowest, after)
      const isServersFault = status >= 500 && !(status === 502 && made.mayBlameOthers)
      const why = isServersFault
        ? `answered ${status}`
        : made.isWhole && status === 0
          ? "no answer"
          : undefined
      this.#note("request", { index, why, sent: made.bytes, answer: `HTTP ${status}` })
      if ((index + 1) % tidiedAfter === 0) await this.#tidy()
    }
  }

  async mails(port: number): Promise<void> {
    let client = new Smtp.Client(port)
    for (;;) {
      const index = this.#next.mail++
      if (index >= this.#options.mails || this.#isOver) break
      const made = MailCase.make(SeededRandom.ofCase(~this.#options.seed, index), this.#addresses)
      const reply = await client.send(made).catch((error: Error) => error.message)
      const why = made.envelope.length > 0 && reply !== "250 OK" ? `answered ${reply}` : undefined
      if (why !== undefined) {
        client[Symbol.dispose]()
        client = new Smtp.Client(port)
      }
      const sent = Buffer.concat([Buffer.from(made.envelope.join("\n")), Buffer.from("\n"), made.raw])
      this.#note("mail", { index, why, sent, answer: `SMTP ${/^\d{3}/m.exec(reply)?.[0] ?? "none"}` })
    }
    client[Symbol.dispose]()
  }

  /** Deletes the checks that requests have made. */
  async #tidy(): Promise<void> {
    const prepared = new Set(this.#addresses.checks)
    const { json } = await this.#overdue.api("GET", "/api/v3/checks/")
    for (const { uuid } of json["checks"] as readonly { readonly uuid: string }[]) {
      if (!prepared.has(uuid)) await this.#overdue.api("DELETE", `/api/v3/checks/${uuid}`)
    }
  }

  report(ended: Overdue.Ended): Report {
    return {
      failures: this.#failures,
      answers: this.#answers,
      slowest: this.#slowest,
      memory: this.#memory,
      ended,
    }
  }

  /** It has died, or failed often enough. */
  get #isOver(): boolean {
    return this.#overdue.child.exitCode !== null || this.#failures.length >= failuresKept
  }

  #note(
    kind: Failure["kind"],
    noted: { readonly index: number; readonly why: string | undefined; sent: Buffer; answer: string },
  ): void {
    const { index, why, sent, answer } = noted
    this.#answers.set(answer, (this.#answers.get(answer) ?? 0) + 1)
    if (why !== undefined)
      this.#failures.push({ seed: this.#options.seed, kind, index, why, sent: printable(sent) })
    const total = this.#options.requests + this.#options.mails
    if (++this.#done % Math.ceil(total / 20) !== 0) return
    const megabytes = ProcessFigures.memory(this.#overdue.child.pid!)
    this.#memory.push(megabytes)
    this.#options.onProgress?.(this.#done / total, megabytes)
  }
}

const printable = (bytes: Buffer): string =>
  JSON.stringify(bytes.toString("latin1")).slice(0, 2_000) +
  (bytes.length > 1_000 ? ` (${bytes.length} bytes)` : "")
