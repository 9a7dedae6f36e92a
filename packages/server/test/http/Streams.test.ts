/** Streamed answers and repeated headers, on a socket of Node. */
import type { HeaderFields, Outbound } from "@overdue/server/http/Http"
import * as NodeServer from "@overdue/server/http/NodeServer"
import { describe, expect, it } from "vitest"
import { SocketDialogue } from "../../../../test/kit/SocketDialogue.ts"
import { Producer } from "./Producer.ts"

type Answers = (path: string) => Outbound

/** A server with these answers that closes with the test. */
const open = async (
  answers: Answers,
  options: Partial<NodeServer.Options> = {},
): Promise<NodeServer.Listening & AsyncDisposable> => {
  const listening = await NodeServer.listen((inbound, done) => done(answers(inbound.path)), {
    host: "127.0.0.1",
    port: 0,
    ...options,
  })
  return { ...listening, [Symbol.asyncDispose]: () => listening.close(0) }
}

const streamed = (body: Producer, headers: HeaderFields = {}, status = 200): Outbound => ({
  status,
  headers,
  body,
})

const events: HeaderFields = { "content-type": "text/event-stream" }

const get = (path = "/", version = "1.1"): string => `GET ${path} HTTP/${version}\r\nhost: x\r\n\r\n`

/** Megabytes of one chunk, more than a socket holds in flight. */
const large = "x".repeat(2 ** 20)

describe("an answer", () => {
  it("may carry several headers of one name", async () => {
    const headers = { "set-cookie": ["a=1; Path=/", "b=2, c; Path=/"], "content-type": "text/plain" }
    await using server = await open(() => ({ status: 200, headers, body: "" }))
    const { headers: received } = await fetch(server.url)
    expect(received.getSetCookie()).toEqual(["a=1; Path=/", "b=2, c; Path=/"])
    expect(received.get("content-type")).toBe("text/plain")
  })

  it("that is a stream arrives as it is made, chunk by chunk, and leaves the connection for the next", async () => {
    const producer = new Producer()
    await using server = await open((path) =>
      path === "/" ? streamed(producer, events) : { status: 200, headers: {}, body: "next" },
    )
    using talk = await SocketDialogue.open(server.port)
    talk.say(get())
    await talk.hear(/^HTTP\/1\.1 200 OK\r\ncontent-type: text\/event-stream\r\n[^]*\r\n\r\n$/)
    producer.give("data: 1\n\n")
    await talk.hear(/data: 1\n\n\r\n$/)
    producer.give("data: 2\n\n")
    producer.give(undefined)
    await talk.hear(/data: 2\n\n\r\n0\r\n\r\n$/)
    talk.say(get("/next"))
    await talk.hear(/next$/)
    expect(producer.returned).toBe(0)
  })

  it("that is a stream keeps the length that it names", async () => {
    const producer = new Producer()
    await using server = await open(() => streamed(producer, { "content-length": "10" }))
    producer.give("01234")
    producer.give("56789")
    producer.give(undefined)
    const answer = await fetch(server.url)
    expect(answer.headers.get("content-length")).toBe("10")
    expect(await answer.text()).toBe("0123456789")
  })

  it.each([
    ["a HEAD", "HEAD", 200],
    ["a 204", "GET", 204],
    ["a 304", "GET", 304],
  ])("to %s starts no stream", async (_case, method, status) => {
    const producer = new Producer()
    await using server = await open(() => streamed(producer, {}, status))
    using talk = await SocketDialogue.open(server.port)
    talk.say(`${method} / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(await talk.end()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\n\r\n$`))
    expect([producer.asked, producer.returned]).toEqual([0, 0])
  })

  it("starts its stream when those before it on the connection are through", async () => {
    const [first, second] = [new Producer(), new Producer()]
    await using server = await open((path) => streamed(path === "/1" ? first : second))
    using talk = await SocketDialogue.open(server.port)
    talk.say(get("/1") + get("/2"))
    await first.started
    first.give("one")
    await talk.hear(/one/)
    expect(second.asked).toBe(0)
    first.give(undefined)
    second.give("two")
    await talk.hear(/two/)
    talk.socket.destroy()
    await second.ended
    expect(first.returned).toBe(0)
  })
})

describe("a client that goes away", () => {
  it.each([
    ["hangs up", (talk: SocketDialogue) => talk.socket.destroy()],
    ["resets the connection", (talk: SocketDialogue) => talk.socket.resetAndDestroy()],
    [
      "says that it will send no more, as a browser that leaves a page",
      (talk: SocketDialogue) => talk.socket.end(),
    ],
  ])("and %s ends the producer at once, though that is waiting", async (_case, leave) => {
    const producer = new Producer()
    await using server = await open(() => streamed(producer, events))
    using talk = await SocketDialogue.open(server.port)
    talk.say(get())
    producer.give("data: 1\n\n")
    await talk.hear(/data: 1/)
    leave(talk)
    await producer.ended
    producer.give("data: 2\n\n")
    expect(producer.returned).toBe(1)
  })

  it("before the stream has begun leaves no producer behind", async () => {
    const [first, second] = [new Producer(), new Producer()]
    await using server = await open((path) => streamed(path === "/1" ? first : second))
    using talk = await SocketDialogue.open(server.port)
    talk.say(get("/1") + get("/2"))
    await first.started
    talk.socket.destroy()
    await first.ended
    expect(second.asked).toBe(0)
  })
})

describe("a client that takes nothing", () => {
  /** Has no end, and is never waited for. */
  const endless = (): {
    readonly body: Outbound["body"]
    readonly made: () => number
    readonly ended: Promise<void>
  } => {
    const ended = Promise.withResolvers<void>()
    let made = 0
    const chunk = new TextEncoder().encode(large)
    const chunks = async function* () {
      try {
        for (; ; made++) yield chunk
      } finally {
        ended.resolve()
      }
    }
    return { body: chunks(), made: () => made, ended: ended.promise }
  }

  it("stops the producer, and is cut off after the silence, which ends the producer", async () => {
    const { body, made, ended } = endless()
    await using server = await open(() => ({ status: 200, headers: events, body }), {
      patience: { silence: 400 },
    })
    using talk = await SocketDialogue.open(server.port)
    talk.socket.pause()
    talk.say(get())
    await ended
    expect(made()).toBeLessThan(64)
  })

  it("gets the rest when it takes again", async () => {
    const producer = new Producer()
    await using server = await open(() => streamed(producer))
    for (let count = 0; count < 16; count++) producer.give(large)
    producer.give("the end")
    producer.give(undefined)
    using talk = await SocketDialogue.open(server.port)
    talk.socket.pause()
    talk.say(get())
    await producer.started
    talk.socket.resume()
    expect((await talk.hear(/the end\r\n0\r\n\r\n$/)).length).toBeGreaterThan(16 * large.length)
  })
})

describe("a stream whose producer is quiet", () => {
  it("outlives the silence when it says something now and then", async () => {
    const producer = new Producer()
    const silence = 300
    await using server = await open(() => streamed(producer, events), { patience: { silence } })
    using talk = await SocketDialogue.open(server.port)
    talk.say(get())
    const began = Date.now()
    const beats = setInterval(() => producer.give(":\n\n"), silence / 6)
    while (Date.now() - began < 3 * silence) {
      talk.heard = ""
      await talk.hear(/:\n\n/)
    }
    clearInterval(beats)
    expect(producer.returned).toBe(0)
  })

  it("is cut off after the silence when it says nothing, which ends the producer", async () => {
    const producer = new Producer()
    await using server = await open(() => streamed(producer, events), { patience: { silence: 200 } })
    using talk = await SocketDialogue.open(server.port)
    talk.say(get())
    await producer.ended
    expect(await talk.end()).not.toMatch(/0\r\n\r\n$/)
  })
})

describe("a stream whose producer fails", () => {
  const failed = async (version: string, give: (producer: Producer) => void, headers: HeaderFields = {}) => {
    const producer = new Producer()
    await using server = await open(() => streamed(producer, headers))
    using talk = await SocketDialogue.open(server.port)
    const reset = new Promise((resolve) =>
      talk.socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code)),
    )
    talk.say(get("/", version))
    await producer.started
    producer.give("half of it")
    await talk.hear(/half of it/)
    give(producer)
    expect(await reset).toBe("ECONNRESET")
    return talk.end()
  }

  it.each(["1.1", "1.0"])(
    "resets the connection, so that half is not taken for all: HTTP/%s",
    async (version) => {
      const heard = await failed(version, (producer) => producer.give(new Error("the disk is gone")))
      expect(heard).not.toMatch(/0\r\n\r\n$/)
    },
  )

  it("does the same when it sends less than it said", async () => {
    await failed("1.1", (producer) => producer.give(undefined), { "content-length": "20" })
  })

  it("does the same when it sends more than it said", async () => {
    const heard = await failed("1.1", (producer) => producer.give("and far too much"), {
      "content-length": "20",
    })
    expect(heard).toMatch(/half of it$/)
  })

  it("before its first chunk sends none", async () => {
    const producer = new Producer()
    await using server = await open(() => streamed(producer))
    producer.give(new Error("there is no such file"))
    await expect(fetch(server.url).then((answer) => answer.text())).rejects.toThrow()
  })

  it("does not end the server", async () => {
    const producer = new Producer()
    await using server = await open((path) =>
      path === "/" ? streamed(producer) : { status: 200, headers: {}, body: "still here" },
    )
    producer.give(new Error("the disk is gone"))
    await fetch(server.url)
      .then((answer) => answer.text())
      .catch(() => undefined)
    expect(await fetch(`${server.url}/other`).then((answer) => answer.text())).toBe("still here")
  })
})

describe("a server that stops", () => {
  it("ends event streams at once and in good order", async () => {
    const producer = new Producer()
    const server = await open(() => streamed(producer, events))
    using talk = await SocketDialogue.open(server.port)
    talk.say(get())
    producer.give("data: 1\n\n")
    await talk.hear(/data: 1/)
    await server.close(60_000)
    expect(await talk.end()).toMatch(/0\r\n\r\n$/)
    expect(producer.returned).toBe(1)
  })

  it("lets other streams come to their end", async () => {
    const producer = new Producer()
    const server = await open(() => streamed(producer))
    using talk = await SocketDialogue.open(server.port)
    talk.say(get())
    producer.give("half of it, ")
    await talk.hear(/half of it/)
    const closed = server.close(60_000)
    producer.give("and the rest")
    producer.give(undefined)
    await closed
    expect(await talk.end()).toMatch(/and the rest\r\n0\r\n\r\n$/)
  })

  it("ends a stream that goes on when its patience does", async () => {
    const producer = new Producer()
    const server = await open(() => streamed(producer))
    using talk = await SocketDialogue.open(server.port)
    talk.say(get())
    producer.give("half of it")
    await talk.hear(/half of it/)
    await server.close(50)
    await producer.ended
    expect(await talk.end()).not.toMatch(/0\r\n\r\n$/)
  })
})
