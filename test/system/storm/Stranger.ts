/** Somebody with bad intentions: an attack, the addresses that it knows, and how it talks to the server. */
import { Agent, request } from "node:http"
import { connect, type Socket } from "node:net"
import { SocketDialogue } from "../../kit/SocketDialogue.ts"
import type { SeededRandom } from "../../kit/SeededRandom.ts"
import * as RawHttp from "../../kit/RawHttp.ts"
import type * as HttpCase from "../fuzz/HttpCase.ts"

/** What strangers know. */
export interface Target {
  readonly port: number
  readonly mailPort: number
  /** Of their own project, of which they have the keys of all tests. */
  readonly addresses: HttpCase.Addresses
  /** Ids of checks of their project, all channels of which hang. */
  readonly flipping: { readonly key: string; readonly checks: readonly string[] }
  /** The address of a well-behaved job, which has got around. */
  readonly known: string
  /** Where requests are taken and never answered. */
  readonly hangingUrl: string
}

/** An answer. */
export interface Heard {
  readonly attack: string
  /** `HTTP 200`, `SMTP 250`; 0 stands for none. */
  readonly answer: string
  /** The value of Retry-After; `undefined` without one. */
  readonly retryAfter?: string | undefined
  /** What was sent, as far as it helps to find out why. */
  readonly sent: string
}

/** What is done again and again. */
export interface Attack {
  readonly name: string
  /** How many do it at the same time. */
  readonly lanes: number
  /** Milliseconds from the end of one to the beginning of the next, give or take a half. */
  readonly pause: number
  readonly run: (stranger: Stranger, random: SeededRandom) => Promise<unknown>
}

/** A request as a client of HTTP makes it. */
export interface Asked {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** How long an answer is waited for. */
const patience = 20_000

export class Stranger {
  readonly target: Target
  readonly #attack: string
  /** Each attack comes from a network of its own. */
  readonly #from: { readonly localAddress?: string }
  readonly #agent: Agent
  readonly #note: (heard: Heard) => void

  constructor(target: Target, { name }: Attack, number: number, note: (heard: Heard) => void) {
    this.target = target
    this.#attack = name
    // Elsewhere loopback has one address.
    this.#from = process.platform === "linux" ? { localAddress: `127.0.1.${number + 1}` } : {}
    this.#agent = new Agent({ keepAlive: true, ...this.#from })
    this.#note = note
  }

  /** Asks, and resolves with the status and the body of the answer; 0 when the other end has hung up. */
  ask({ method = "GET", path, headers = {}, body }: Asked): Promise<{ status: number; text: string }> {
    return new Promise((resolve) => {
      const done = (status: number, retryAfter?: string, text = ""): void => {
        const sent = `${method} ${path.slice(0, 200)} ${body?.slice(0, 200) ?? ""}`
        this.#note({ attack: this.#attack, answer: `HTTP ${status}`, retryAfter, sent })
        resolve({ status, text })
      }
      const asked = request({
        agent: this.#agent,
        host: "127.0.0.1",
        port: this.target.port,
        timeout: patience,
        method,
        path,
        headers: body === undefined ? headers : { "content-length": Buffer.byteLength(body), ...headers },
      })
      asked.on("timeout", () => asked.destroy())
      asked.on("error", () => done(0))
      asked.on("response", (answer) => {
        let text = ""
        answer.setEncoding("utf8").on("data", (chunk: string) => {
          if (text.length < 10_000) text += chunk
        })
        answer.on("error", () => undefined)
        answer.on("close", () => done(answer.statusCode ?? 0, answer.headers["retry-after"], text))
      })
      asked.end(body)
    })
  }

  /** Connects, and does as it likes until it or the other end has hung up; resolves with what was heard. */
  talk(port: number, act: (socket: Socket) => void): Promise<string> {
    return new Promise((resolve) => {
      const heard: Buffer[] = []
      const socket = connect({ port, host: "127.0.0.1", ...this.#from }, () => act(socket))
      socket.setTimeout(2 * patience, () => socket.destroy())
      socket.on("data", (chunk: Buffer) => {
        if (heard.length < 1_000) heard.push(chunk)
      })
      socket.on("error", () => undefined)
      socket.on("close", () => resolve(Buffer.concat(heard).toString("latin1")))
    })
  }

  /** The same over HTTP: notes the last answer. */
  async raw(sent: string, act: (socket: Socket) => void): Promise<void> {
    const { status, headers } = RawHttp.parse(Buffer.from(await this.talk(this.target.port, act), "latin1"))
    const { "retry-after": retryAfter } = headers
    this.#note({ attack: this.#attack, answer: `HTTP ${status}`, retryAfter, sent: sent.slice(0, 400) })
  }

  /** Notes a case of the fuzzer, which may have been sent by other ways. */
  note(answer: string, sent: string, retryAfter?: string): void {
    this.#note({ attack: this.#attack, answer, retryAfter, sent })
  }

  /** Hands over a message by SMTP. */
  async mail(address: string, data: string): Promise<void> {
    const reply = await this.#handOver(address, data).catch(() => "0")
    this.#note({ attack: this.#attack, answer: `SMTP ${reply.slice(0, 3)}`, sent: data.slice(0, 200) })
  }

  async #handOver(address: string, data: string): Promise<string> {
    using talk = await SocketDialogue.open(this.target.mailPort, this.#from)
    talk.socket.setTimeout(2 * patience, () => talk.socket.destroy())
    const greeting = await talk.hear(/^\d{3} .*\r\n/)
    if (!greeting.startsWith("220")) return greeting
    for (const line of ["EHLO a", "MAIL FROM:<a@b.example>", `RCPT TO:<${address}>`, "DATA"]) {
      const reply = await talk.ask(line)
      if (!/^[23]/.test(reply)) return reply
    }
    return await talk.ask(`${data}\r\n.`)
  }
}
