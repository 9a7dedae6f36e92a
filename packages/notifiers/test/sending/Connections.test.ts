import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer, type RequestListener, type Server } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import type { NotifyRequest } from "@overdue/notifiers/HttpKind"
import * as Sender from "@overdue/notifiers/sending/Sender"
import type { Resolve } from "@overdue/notifiers/sending/Target"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it } from "vitest"

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** A target that remembers its connections. */
const listen = async (answer: RequestListener = (_request, response) => response.end("OK")) => {
  const connections: Socket[] = []
  const server = createServer(answer).on("connection", (socket: Socket) => void connections.push(socket))
  servers.push(server.listen(0, "127.0.0.1"))
  await once(server, "listening")
  return { port: (server.address() as AddressInfo).port, connections } // safe because it listens on TCP
}

const sender = (resolve: Resolve = async () => [{ address: "127.0.0.1", family: 4 }]) => {
  const send = Sender.make({ isAllowed: () => true, resolve })
  return (port: number, host = "hooks.test") => {
    const request: NotifyRequest = {
      method: "POST",
      url: `http://${host}:${port}/`,
      headers: {},
      body: "it is down",
    }
    return Effect.runPromise(send(request))
  }
}

describe("a connection", () => {
  it("takes the next request to its target, too", async () => {
    const { port, connections } = await listen()
    const send = sender()
    for (let count = 0; count < 5; count++)
      expect(await send(port)).toMatchObject({ status: 200, body: "OK" })
    expect(connections).toHaveLength(1)
  })

  it("takes one request at a time", async () => {
    const { port, connections } = await listen()
    const send = sender()
    await Promise.all([send(port), send(port), send(port)])
    expect(connections).toHaveLength(3)
    await Promise.all([send(port), send(port), send(port)])
    expect(connections).toHaveLength(3)
  })

  it("is not used for a host of another name, nor by another sender", async () => {
    const { port, connections } = await listen()
    const send = sender()
    await send(port)
    await send(port, "other.test")
    await sender()(port)
    expect(connections).toHaveLength(3)
  })

  it("is not used when the name server gives other addresses than before", async () => {
    const { port, connections } = await listen()
    const answers = [["127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"]]
    const send = sender(async () =>
      (answers.shift() ?? ["127.0.0.1"]).map((address) => ({ address, family: 4 })),
    )
    for (const expected of [1, 2, 2, 2]) {
      await send(port)
      expect(connections).toHaveLength(expected)
    }
  })

  it("that the target closes under a request is not the end of the request", async () => {
    let asked = 0
    const { port, connections } = await listen((request, response) => {
      asked++
      if (asked === 2) request.socket.destroy()
      else response.end(`answer ${asked}`)
    })
    const send = sender()
    expect(await send(port)).toMatchObject({ body: "answer 1" })
    expect(await send(port)).toMatchObject({ body: "answer 3" })
    expect(connections).toHaveLength(2)
  })

  it("on which a target says more than it was asked is used for nothing else", async () => {
    const { port, connections } = await listen((request, response) => {
      response.end("OK")
      request.socket.write("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n")
    })
    const send = sender()
    for (let count = 1; count <= 3; count++) expect(await send(port)).toMatchObject({ status: 200 })
    expect(connections).toHaveLength(3)
  })

  it("that is kept keeps no process from ending", async () => {
    const { port, connections } = await listen()
    const program = `
      const Sender = await import(${JSON.stringify(import.meta.resolve("@overdue/notifiers/sending/Sender"))})
      const Effect = await import(${JSON.stringify(import.meta.resolve("effect/Effect"))})
      const send = Sender.make({ isAllowed: () => true })
      const request = { method: "GET", url: "http://127.0.0.1:${port}/", headers: {}, body: undefined }
      process.stdout.write((await Effect.runPromise(send(request))).body)
      setTimeout(() => process.stdout.write(" and still here"), 1_000).unref()
    `
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    let said = ""
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()))
    const [code] = await once(child, "close")
    expect([code, said]).toEqual([0, "OK"])
    expect(connections).toHaveLength(1)
  })
})
