/** A server whose event loop stands still: nobody is muted by that, and nobody alarmed. */
import { once } from "node:events"
import { get, type IncomingMessage } from "node:http"
import { connect, type Socket } from "node:net"
import { setTimeout } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import { listen } from "../../kit/Receiver.ts"

const spinner = new URL("../../kit/Spinner.ts", import.meta.url).pathname
/** Longer than the shortest time that can be taken for blindness. */
const long = 7_000

/** A server with two checks that are up and due in six seconds, whose channel keeps what it is told. */
const open = async (heavy: Readonly<Record<string, string>> = {}) => {
  const folder = Folder.make()
  const receiver = await listen()
  const environment = { NODE_OPTIONS: `--import=${spinner}`, OVERDUE_TEST_SPIN: String(long), ...heavy }
  const server = await OverdueServer.start(folder.path, { environment, args: ["--blind-after", "5s"] })
  const value = { url_down: `${receiver.url}/$SLUG`, url_up: `${receiver.url}/$SLUG` }
  await server.api("POST", "/api/v3/channels/", { name: "ops", kind: "webhook", value })
  const make = async (slug: string) => {
    const fields = { name: slug, slug, timeout: 5, grace: 1, channels: "*" }
    const { json } = await server.api("POST", "/api/v3/checks/?defaults=own", fields)
    const url = String(json["ping_url"])
    await fetch(url)
    return { url, uuid: String(json["uuid"]) }
  }
  const [heard, silent] = [await make("heard"), await make("silent")]
  const flips = async ({ uuid }: typeof heard) => {
    const { json } = await server.api("GET", `/api/v3/checks/${uuid}/flips/`)
    return (json["flips"] as readonly { readonly up: number }[]).map(({ up }) => up)
  }
  const close = async () => {
    await server[Symbol.asyncDispose]()
    await receiver.close()
    folder[Symbol.dispose]()
  }
  return { server, receiver, heard, silent, flips, [Symbol.asyncDispose]: close }
}

describe("a server that is too busy to turn its loop", () => {
  it("takes pings that waited for ones in time, tells of the silence of others, and says that it was overloaded", async () => {
    await using it = await open()
    // Both checks are due in the midst of a turn of the loop.
    it.server.child.kill("SIGUSR2")
    await it.server.printed(/^spinning$/m)
    expect(await (await fetch(it.heard.url)).text()).toBe("OK")
    await it.receiver.count(1)
    expect(it.receiver.received.map(({ url }) => url)).toEqual(["/silent"])
    expect([await it.flips(it.heard), await it.flips(it.silent)]).toEqual([[1], [0, 1]])
    const { stderr } = it.server.output
    expect(stderr).toMatch(/this process was overloaded: it did nothing for [67] seconds until/)
    expect(stderr).not.toContain("nobody was awake")
  })
})

/** Opens connections one after another, each of which asks for a check that there is not. */
const crowd = async (url: string, count: number): Promise<readonly Socket[]> => {
  const { hostname, port } = new URL(url)
  const sockets: Socket[] = []
  for (let index = 0; index < count; index++) {
    const socket = connect(Number(port), hostname).on("error", () => {})
    await once(socket, "connect")
    socket.write("GET /ping/00000000-0000-4000-8000-000000000000 HTTP/1.1\r\nHost: a\r\n\r\n")
    sockets.push(socket)
  }
  return sockets
}

describe("a server with a crowd at its door when it turns its loop again", () => {
  // Where connections are shared out between many sockets, each of which lets in one a turn.
  it.skipIf(process.platform !== "linux")("waits for the pings behind the crowd", async () => {
    await using it = await open({ OVERDUE_TEST_TURN: "80", OVERDUE_TEST_TURNS: "4000" })
    it.server.child.kill("SIGUSR2")
    await it.server.printed(/^spinning$/m)
    const strangers = await crowd(it.server.url, 1_200)
    // `fetch` would send it over a connection that it has.
    const [answer]: IncomingMessage[] = await once(get(it.heard.url, { agent: false }), "response")
    expect(answer?.statusCode).toBe(200)
    await it.receiver.count(1)
    strangers.forEach((socket) => socket.destroy())
    expect(it.receiver.received.map(({ url }) => url)).toEqual(["/silent"])
    expect([await it.flips(it.heard), await it.flips(it.silent)]).toEqual([[1], [0, 1]])
  })
})

describe("a server that is not run for a while", () => {
  it.skipIf(process.platform === "win32")("holds that against no check, and says so", async () => {
    await using it = await open()
    it.server.child.kill("SIGSTOP")
    const waiting = fetch(it.heard.url)
    await setTimeout(long)
    it.server.child.kill("SIGCONT")
    expect(await (await waiting).text()).toBe("OK")
    await it.receiver.count(1)
    expect(it.receiver.received.map(({ url }) => url)).toEqual(["/silent"])
    expect(await it.flips(it.silent)).toEqual([0, 1])
    const { stderr } = it.server.output
    expect(stderr).toMatch(/this process was not run: it did nothing for [67] seconds until/)
    expect(stderr).toContain("nobody was awake")
  })
})
