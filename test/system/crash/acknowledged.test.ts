/** What was answered `OK` is on disk, whatever happens to the process. */
import { connect } from "node:net"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import { SeededRandom } from "../../kit/SeededRandom.ts"
import * as Installation from "../outages/Installation.ts"

const rounds = Number(process.env["OVERDUE_CRASH_ROUNDS"] ?? 20)
const connections = 16
/** Nobody listens there: deliveries stay, and can be counted. */
const nowhere = "http://127.0.0.1:9"

/** Pings over one connection until it breaks; adds the body of each ping that was answered. */
const load = (url: URL, paths: readonly string[], name: string, acknowledged: Set<string>): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(Number(url.port), url.hostname)
    let sent = 0
    let received = ""
    const send = (): void => {
      const body = `${name}-${sent}`
      const path = paths[sent % paths.length]!
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
    }
    socket.on("connect", send)
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1")
      if (!received.endsWith("\r\n\r\nOK")) return
      received = ""
      acknowledged.add(`${name}-${sent}`)
      sent += 1
      send()
    })
    socket.on("error", () => {})
    socket.on("close", () => resolve())
  })

it(
  `${rounds} kills at random moments lose no answered ping, no flip and no delivery`,
  { timeout: 240_000 },
  async () => {
    using folder = Folder.make()
    const filename = `${folder.path}/overdue.db`
    const ids = await Effect.runPromise(
      Effect.provide(Installation.seed(nowhere), Sqlite.layer({ filename })),
    )
    const acknowledged = new Set<string>()
    const random = new SeededRandom(20_261_121)
    for (let round = 0; round < rounds; round++) {
      const overdue = await OverdueServer.start(folder.path)
      const url = new URL(overdue.url)
      const loads = Array.from({ length: connections }, (_, index) => {
        const own = ids.filter((_, check) => check % connections === index)
        // A check fails now and then: there are flips to lose, too.
        const paths = own.flatMap((id) => [`/ping/${id}`, `/ping/${id}/fail`, `/ping/${id}/start`])
        return load(url, paths, `${round}-${index}`, acknowledged)
      })
      const enough = acknowledged.size + random.below(400)
      await until(() => acknowledged.size > enough)
      await overdue.stop("SIGKILL")
      await Promise.all(loads)
    }

    const { wrong } = await Effect.runPromise(
      Effect.provide(Installation.judge({ ids, acknowledged }), Sqlite.layer({ filename })),
    )
    expect(wrong).toEqual([])
    expect(acknowledged.size).toBeGreaterThan(rounds)
  },
)

/** Resolves when a condition holds, looked at after every turn of the event loop. */
const until = (holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => void (holds() ? resolve() : setImmediate(look))
    look()
  })
