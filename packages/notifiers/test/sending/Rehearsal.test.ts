import { channel } from "node:diagnostics_channel"
import type { IncomingMessage, Server } from "node:http"
import * as Rehearsal from "@overdue/notifiers/sending/Rehearsal"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

const asked = channel("http.server.request.start")

/** What servers of this process are asked. */
const servers = new Set<Server>()
let requests = 0
const note = (message: unknown): void => {
  // safe because that is what Node says on this channel
  const { server } = message as { readonly request: IncomingMessage; readonly server: Server }
  servers.add(server)
  requests += 1
}

beforeEach(() => {
  servers.clear()
  requests = 0
  asked.subscribe(note)
})
afterEach(() => {
  asked.unsubscribe(note)
})

describe("a rehearsal", () => {
  it("sends hundreds of requests to a server of its own, which is gone afterwards", async () => {
    expect(await Effect.runPromise(Rehearsal.run(() => true))).toBe(1_000)
    expect(requests).toBe(1_000)
    expect([...servers].map(({ listening }) => listening)).toEqual([false])
  })

  it("ends as soon as there is something to send", async () => {
    const answered = await Effect.runPromise(Rehearsal.run(() => requests < 20))
    expect(answered).toBe(requests)
    expect(answered).toBeLessThan(40)
    expect([...servers].map(({ listening }) => listening)).toEqual([false])
  })
})
