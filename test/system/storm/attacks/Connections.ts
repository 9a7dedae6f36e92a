/** Attacks by connections: slow ones, ones that say nothing, and ones that say what no client says. */
import type { Socket } from "node:net"
import { keys } from "../../../kit/Keys.ts"
import type { SeededRandom } from "../../../kit/SeededRandom.ts"
import * as HttpCase from "../../fuzz/HttpCase.ts"
import type { Attack, Target } from "../Stranger.ts"

/** Says something a second until the connection ends. */
const drip = (socket: Socket, part: () => string): void => {
  const timer = setInterval(() => socket.write(part()), 1_000)
  socket.on("close", () => clearInterval(timer))
}

const megabyte = 1024 * 1024

/** Where a long body may go. */
const doors = (random: SeededRandom, { addresses }: Target): string =>
  random.pick([
    `/ping/${crypto.randomUUID()}`,
    `/ping/${random.pick(addresses.checks)}`,
    `/ping/${keys.ping}/slow`,
    "/api/v3/checks/",
    "/inbound/email",
    `/inbound/email?to=${random.pick(addresses.checks)}@${addresses.domain}`,
  ])

/** Requests that servers and their proxies may take for different ones. */
const smuggled = (check: string): readonly string[] => {
  const ping = `POST /ping/${check} HTTP/1.1\r\n`
  const host = "Host: 127.0.0.1\r\n"
  const inner = `GET /ping/${check}/fail HTTP/1.1\r\n${host}\r\n`
  return [
    `${ping}${host}Host: evil.example\r\n\r\n`,
    `${ping}${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    `${ping}${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef${inner}`,
    `${ping}${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${inner}`,
    `${ping}${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
    `${ping}${host}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n${inner}`,
    `${ping}${host}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nx\r\n0\r\n\r\n`,
    `${ping}${host}Transfer-Encoding: chunked\r\n\r\n5;${"a".repeat(20_000)}\r\nabcde\r\n0\r\n\r\n`,
    `${ping}${host}Transfer-Encoding: chunked\r\n\r\n0\r\nHost: evil\r\n\r\n`,
    `${ping}${host}Content-Length: -1\r\n\r\n${inner}`,
    `${ping}${host}Content-Length: 1e3\r\n\r\n${inner}`,
    `${ping} Host: folded\r\n\r\n`,
    `${ping}${host}X: a\r\n b\r\n\r\n`,
    `${ping}${host}X: a\0b\r\n\r\n`,
    `GET http://127.0.0.1/ping/${check} HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
    `GET /ping/${check} HTTP/1.0\r\n\r\n`,
    `GET /ping/${check}\r\n`,
    `GET /ping/${check} HTTP/1.1\n${host}\n`,
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
    `GET / HTTP/1.1\r\n${host}Expect: 100-continue\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n`,
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  ]
}

/** Connections that do not do what connections are for. */
export const attacks: readonly Attack[] = [
  {
    name: "headers that drip",
    lanes: 150,
    pause: 1_000,
    run: (stranger) =>
      stranger.raw("GET / …", (socket) => {
        socket.write("GET /ping/x HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        drip(socket, () => "X-A: b\r\n")
      }),
  },
  {
    name: "bodies of 1 MiB that drip",
    lanes: 150,
    pause: 1_000,
    run: (stranger, random) => {
      const path = doors(random, stranger.target)
      const key = random.happens(0.3) ? `X-Api-Key: ${keys.readWrite}\r\n` : ""
      return stranger.raw(`POST ${path}`, (socket) => {
        socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${key}Content-Length: ${megabyte}\r\n\r\n`)
        drip(socket, () => "z".repeat(1024))
      })
    },
  },
  {
    name: "mails that drip",
    lanes: 20,
    pause: 1_000,
    run: (stranger) => {
      const { mailPort, addresses } = stranger.target
      return stranger.talk(mailPort, (socket) => {
        socket.write(
          `EHLO a\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<${addresses.checks[0]}@${addresses.domain}>\r\nDATA\r\n`,
        )
        drip(socket, () => `${"z".repeat(1022)}\r\n`)
        setTimeout(() => socket.destroy(), 20_000).unref()
      })
    },
  },
  {
    name: "connections that say nothing",
    lanes: 40,
    pause: 100,
    run: (stranger, random) => {
      const { port, mailPort } = stranger.target
      return stranger.talk(random.happens(0.8) ? port : mailPort, (socket) => {
        if (random.happens(0.5)) socket.write(random.pick(["G", "GET / HTTP/1.1\r\n", "EHLO", "\r\n"]))
        // Half of them say goodbye and stay.
        if (random.happens(0.5)) socket.end()
        setTimeout(() => socket.destroy(), random.between(100, 8_000)).unref()
      })
    },
  },
  {
    name: "connections that open and close",
    lanes: 3,
    pause: 15,
    run: (stranger, random) => {
      const { port, mailPort } = stranger.target
      return stranger.talk(random.happens(0.8) ? port : mailPort, (socket) =>
        random.happens(0.5) ? socket.destroy() : socket.resetAndDestroy(),
      )
    },
  },
  {
    name: "requests that are pipelined and given up",
    lanes: 2,
    pause: 200,
    run: (stranger, random) => {
      const { checks } = stranger.target.addresses
      const requests = random.times(50, () => {
        const path = random.pick([`/ping/${random.pick(checks)}`, "/api/v3/checks/", "/api/v3/openapi.json"])
        return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: ${keys.readOnly}\r\n\r\n`
      })
      return stranger.raw("pipelined", (socket) => {
        const all = requests.join("")
        socket.write(all.slice(0, random.below(all.length)))
        setTimeout(() => socket.destroy(), random.below(200)).unref()
      })
    },
  },
  {
    name: "smuggled requests",
    lanes: 1,
    pause: 50,
    run: (stranger, random) => {
      const text = random.pick(smuggled(random.pick(stranger.target.addresses.checks)))
      return stranger.raw(text, (socket) => {
        socket.write(Buffer.from(text, "latin1"))
        setTimeout(() => socket.destroy(), 500).unref()
      })
    },
  },
  {
    name: "cases of the fuzzer",
    lanes: 3,
    pause: 30,
    run: (stranger, random) => {
      const made = HttpCase.make(random, stranger.target.addresses)
      // Such a door passes on that another server failed.
      if (made.mayBlameOthers) return Promise.resolve()
      return stranger.raw(made.bytes.toString("latin1"), (socket) => {
        socket.write(made.bytes)
        setTimeout(() => socket.destroy(), made.isWhole ? 10_000 : 100).unref()
      })
    },
  },
]
