/** What was answered `OK` is on disk, whatever happens to the process. */
import { connect } from "node:net"
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import * as Store from "@overdue/core/Store"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import { SeededRandom } from "../../kit/SeededRandom.ts"

const rounds = Number(process.env["OVERDUE_CRASH_ROUNDS"] ?? 20)
const connections = 16

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
    const ids = await Effect.runPromise(Effect.provide(seed, Sqlite.layer({ filename })))
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

    await Effect.runPromise(
      Effect.provide(
        Effect.gen(function* () {
          const store = yield* Store.Store
          const logged = new Set<string>()
          for (const id of ids) {
            const check = (yield* store.check(id))!
            const pings = (yield* store.pings(id, { limit: 1_000_000 })).toReversed()
            expect(pings.map(({ n }) => n)).toEqual(pings.map((_, index) => index + 1))
            let replayed: Check.Check = { ...check, state: Check.initialState(check.policy, check.createdAt) }
            const flips = []
            for (const { n, kind, rid, at } of pings) {
              const ping = (yield* store.ping(id, n))!
              logged.add(new TextDecoder().decode(ping.body))
              const step = Machine.step(replayed, { type: kind, rid }, at)
              replayed = step.check
              flips.push(...step.flips)
            }
            expect(replayed.state).toEqual(check.state)
            expect((yield* store.flips(id, {})).toReversed()).toEqual(flips)
            const deliveries = yield* store.deliveries({ check: id, limit: 1_000_000 })
            const told = flips.filter(({ from, to }) => !(from === "new" && to === "up"))
            expect(deliveries.map(({ flip }) => flip).sort((a, b) => a - b)).toEqual(told.map(({ n }) => n))
          }
          const lost = [...acknowledged].filter((body) => !logged.has(body))
          expect(lost).toEqual([])
          expect(acknowledged.size).toBeGreaterThan(rounds)
        }),
        Sqlite.layer({ filename }),
      ),
    )
  },
)

/** Resolves when a condition holds, looked at after every turn of the event loop. */
const until = (holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => void (holds() ? resolve() : setImmediate(look))
    look()
  })

const seed = Effect.gen(function* () {
  const store = yield* Store.Store
  const createdAt = Date.now()
  const project = {
    id: crypto.randomUUID(),
    name: "default",
    pingKey: undefined,
    badgeKey: crypto.randomUUID(),
    zone: "UTC",
    checkLimit: 500,
    pingLogLimit: 1_000_000,
    silencedUntil: undefined,
    createdAt,
  }
  yield* store.createProject({ project, keys: [] })
  const channel = crypto.randomUUID()
  yield* store.createChannel(
    Channel.make({
      id: channel,
      project: project.id,
      name: "nowhere",
      kind: "webhook",
      // Nobody listens there: deliveries stay, and can be counted.
      value: {
        method_down: "GET",
        url_down: "http://127.0.0.1:9/",
        method_up: "GET",
        url_up: "http://127.0.0.1:9/",
      },
      createdAt,
    }),
  )
  const checks = Array.from({ length: 64 }, () =>
    Check.make({
      id: crypto.randomUUID(),
      project: project.id,
      badgeKey: crypto.randomUUID(),
      createdAt,
      details: { channels: [channel] },
      policy: { runs: "latest" },
    }),
  )
  yield* store.transact({}, () => ({ result: undefined, checks }))
  return checks.map(({ id }) => id)
})
