/**
 * A rehearsal: requests of a thread to nobody but itself. An outage may be the first thing that it has to tell of, and
 * code that has never run is four times slower: to tell of a thousand checks would take half a second more.
 */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { second } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Sender from "./Sender.ts"

/** Requests that make most of the difference, and how many are under way at the same time: less than a second of work. */
const requests = 1_000
const atOnce = 8

/** A server on the loopback interface, which answers whatever it is asked, and goes with the scope. */
const listening = Effect.acquireRelease(
  Effect.callback<Server, Error>((resume) => {
    const server = createServer((request, response) => {
      request.resume()
      response.end("OK")
    })
    server.once("error", (cause) => resume(Effect.fail(cause)))
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) =>
    Effect.sync(() => {
      server.close()
      server.closeAllConnections()
    }),
)

/**
 * Sends requests to a server of its own, until there have been enough or they are not `isWanted` any more, and returns how
 * many were answered. Where nothing may listen, there are none.
 */
export const run = Effect.fnUntraced(
  function* (isWanted: () => boolean) {
    // safe because a listening TCP server has an address record
    const { port } = (yield* listening).address() as AddressInfo
    const send = Sender.make({ isAllowed: () => true, timeout: second })
    const url = `http://127.0.0.1:${port}/`
    const headers = { "Content-Type": "application/json" }
    const body = "x".repeat(500)
    let answered = 0
    const one = Effect.gen(function* () {
      if (!isWanted()) return
      yield* send({ method: "POST", url, headers, body })
      answered += 1
    })
    yield* Effect.forEach(Array.from({ length: requests }), () => one, {
      concurrency: atOnce,
      discard: true,
    })
    return answered
  },
  Effect.scoped,
  Effect.orElseSucceed(() => 0),
)
