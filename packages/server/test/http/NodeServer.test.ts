import * as Http from "node:http"
import type { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import type { Inbound } from "@overdue/server/http/Http"
import * as NodeServer from "@overdue/server/http/NodeServer"
import * as Pipeline from "@overdue/server/http/Pipeline"
import { describe, expect, it } from "vitest"
import { SocketDialogue } from "../../../../test/kit/SocketDialogue.ts"

/** A server that says what it was sent, and closes with the test. */
const open = async (
  options: Partial<NodeServer.Options> = {},
  answer: (inbound: Inbound) => Promise<string> = async (inbound) => {
    if (!inbound.hasBody) return "no body"
    const { bytes, isCut } = await inbound.body(10)
    return `${bytes.length}${isCut ? " of more" : ""}`
  },
): Promise<NodeServer.Listening & AsyncDisposable> => {
  const listening = await NodeServer.listen(
    (inbound, done) => {
      answer(inbound).then(
        (body) => done({ status: 200, headers: {}, body }),
        (error: Error) => done({ status: 418, headers: {}, body: error.message }),
      )
    },
    { host: "127.0.0.1", port: 0, ...options },
  )
  return { ...listening, [Symbol.asyncDispose]: () => listening.close(0) }
}

const head = "POST / HTTP/1.1\r\nhost: x\r\n"

describe("a body", () => {
  it.each([
    ["with its length", "content-length: 5\r\n\r\nhello", "5"],
    ["in chunks", "transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "5"],
    ["longer than is asked for", `content-length: 50000\r\n\r\n${"x".repeat(50_000)}`, "10 of more"],
    ["of no length", "content-length: 0\r\n\r\n", "no body"],
    ["that the client waits to be asked for", "expect: 100-continue\r\ncontent-length: 5\r\n\r\nhello", "5"],
  ])("is read: %s", async (_case, rest, text) => {
    await using server = await open()
    using talk = await SocketDialogue.open(server.port)
    talk.say(head + rest)
    await talk.hear(new RegExp(`HTTP/1.1 200 OK\r\n[^]*\r\n\r\n${text}$`))
  })

  it("that says that it is too large is refused before it is sent", async () => {
    await using server = await open()
    using talk = await SocketDialogue.open(server.port)
    talk.say(`${head}expect: 100-continue\r\ncontent-length: 100000000\r\n\r\n`)
    const heard = await talk.end()
    expect(heard).toMatch(/^HTTP\/1\.1 413 /)
    expect(heard).toMatch(/connection: close/i)
  })

  it("that turns out too large is refused, and does not stay in memory", async () => {
    await using server = await open()
    using talk = await SocketDialogue.open(server.port)
    talk.say(`${head}transfer-encoding: chunked\r\n\r\n`)
    const megabyte = "x".repeat(2 ** 20)
    for (let sent = 0; sent <= 64; sent++) talk.say(`100000\r\n${megabyte}\r\n`)
    expect(await talk.end()).toMatch(
      /^HTTP\/1\.1 413 [^]*the body is too large: at most 67108864 bytes are read$/,
    )
  })

  it("that nobody reads does not become the next request", async () => {
    await using server = await open({}, async () => "not read")
    using talk = await SocketDialogue.open(server.port)
    talk.say(`${head}content-length: 100\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n`)
    const heard = await talk.end()
    expect(heard.match(/HTTP\/1\.1/g)).toHaveLength(1)
  })
})

describe("a refusal", () => {
  const rest = "x".repeat(1_000)

  it.each([
    [
      "of what is still being sent",
      `${head}content-length: 1000000\r\n\r\n`,
      /^HTTP\/1\.1 200 [^]*not read$/,
    ],
    ["of what is not HTTP", "what?\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["of headers that do not end", `${head}a: ${"b".repeat(17_000)}`, /^HTTP\/1\.1 431 /],
    ["of a proxy's request", "CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n", /^HTTP\/1\.1 400 /],
  ])("%s is heard by whoever goes on sending, and reads later", async (_case, beginning, refusal) => {
    await using server = await open({}, async () => "not read")
    using talk = await SocketDialogue.open(server.port)
    talk.say(beginning)
    await talk.hear(/^HTTP/)
    talk.heard = ""
    using late = await SocketDialogue.open(server.port)
    late.socket.pause()
    late.say(beginning)
    // What is sent once the answer is under way has the system throw the answer away when nobody takes it.
    for (let piece = 0; piece < 200; piece++) {
      late.say(rest)
      await new Promise((resolve) => setImmediate(resolve))
    }
    late.socket.resume()
    expect(await late.end()).toMatch(refusal)
  })

  it("is not waited for by a connection that never ends: it is closed after a mebibyte", async () => {
    await using server = await open({}, async () => "not read")
    using talk = await SocketDialogue.open(server.port)
    talk.say(`${head}content-length: 60000000\r\n\r\n`)
    const megabyte = "x".repeat(2 ** 20)
    const isSent = () =>
      new Promise<boolean>((resolve) => talk.socket.write(megabyte, (error) => resolve(!error)))
    let sent = 0
    while (sent < 50 && (await isSent())) sent += 1
    expect(sent).toBeLessThan(30)
  })
})

describe("a body in small pieces", () => {
  const inPieces = (count: number): string =>
    `${head}transfer-encoding: chunked\r\n\r\n${"1\r\nx\r\n".repeat(count)}0\r\n\r\n`
  const size = async ({ body }: Inbound): Promise<string> => `${(await body(10_000)).bytes.length} bytes`

  it("is read whole when there are not more of them at once than a job's lines", async () => {
    await using server = await open({}, size)
    using talk = await SocketDialogue.open(server.port)
    talk.say(inPieces(2_000))
    await talk.hear(/200 OK[^]*2000 bytes$/)
    talk.heard = ""
    talk.say(inPieces(1_000))
    await talk.hear(/200 OK[^]*1000 bytes$/)
  })

  it("is read whole however many there are, when they come one after the other", async () => {
    await using server = await open({}, size)
    using talk = await SocketDialogue.open(server.port)
    talk.say(`${head}transfer-encoding: chunked\r\n\r\n`)
    for (let piece = 0; piece < 3_000; piece += 100) {
      talk.say("1\r\nx\r\n".repeat(100))
      await new Promise((resolve) => setImmediate(resolve))
    }
    talk.say("0\r\n\r\n")
    await talk.hear(/200 OK[^]*3000 bytes$/)
  })

  it("is refused with what to do when there are more, is no request, and harms no later one", async () => {
    const read: string[] = []
    const turnedAway: string[] = []
    await using server = await open({ onTurnedAway: (why) => turnedAway.push(why) }, async (inbound) => {
      const text = await size(inbound)
      read.push(text)
      return text
    })
    for (let round = 0; round < 3; round++) {
      using talk = await SocketDialogue.open(server.port)
      talk.say(inPieces(3_000))
      expect(await talk.end()).toMatch(
        /^HTTP\/1\.1 503 [^]*retry-after: 5\r\n[^]*the body comes in more small pieces than [^]*: send fewer/,
      )
    }
    expect(read).toEqual([])
    const tooMany = "their requests came in more small pieces than the server takes at once"
    expect(turnedAway).toEqual([tooMany, tooMany, tooMany])
    // Node gives the parsers to whoever comes next, also to clients in this program.
    const all = Array.from({ length: 10 })
    const asked = all.map(async () => {
      const response = await new Promise<Readable>((resolve) =>
        Http.get(`${server.url}/`, { agent: false }, resolve),
      )
      return text(response)
    })
    expect(await Promise.all(asked)).toEqual(all.map(() => "0 bytes"))
    const talks = await Promise.all(all.map(() => SocketDialogue.open(server.port)))
    for (const talk of talks) talk.say(`${head}content-length: 3\r\n\r\nabc`)
    await Promise.all(talks.map((talk) => talk.hear(/200 OK[^]*3 bytes$/)))
    for (const talk of talks) talk[Symbol.dispose]()
  })

  it("is refused also when it is asked for only after all of it has come", async () => {
    const wait = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    await using server = await open({}, async (inbound) => {
      begun.resolve()
      await wait.promise
      return size(inbound)
    })
    using talk = await SocketDialogue.open(server.port)
    talk.say(inPieces(5_000))
    await begun.promise
    await new Promise((resolve) => setImmediate(resolve))
    wait.resolve()
    await talk.hear(/^HTTP\/1\.1 503 [^]*small pieces/)
  })

  it("is refused when extensions of its chunks are nearly all of it", async () => {
    await using server = await open({}, size)
    using job = await SocketDialogue.open(server.port)
    job.say(`${head}transfer-encoding: chunked\r\n\r\n1;signed=0123456789\r\nx\r\n0\r\n\r\n`)
    await job.hear(/200 OK[^]*1 bytes$/)
    using talk = await SocketDialogue.open(server.port)
    talk.say(`${head}transfer-encoding: chunked\r\n\r\n`)
    for (let piece = 0; piece < 40; piece++) {
      talk.say(`1;${"x".repeat(15_000)}\r\na\r\n`)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await talk.end()).toMatch(/^HTTP\/1\.1 503 /)
  })

  it("has its part when many connections send more than the server takes, and nobody waits for long", async () => {
    await using server = await open({}, size)
    const floods = await Promise.all(Array.from({ length: 100 }, () => SocketDialogue.open(server.port)))
    using job = await SocketDialogue.open(server.port)
    for (const flood of floods) flood.say(inPieces(1_500))
    job.say(inPieces(50))
    await job.hear(/200 OK[^]*50 bytes$/)
    const heard = await Promise.all(floods.map((flood) => flood.hear(/HTTP\/1\.1 (200|503) /)))
    const refused = heard.filter((all) => all.includes(" 503 ")).length
    expect(refused).toBeGreaterThan(50)
    for (const flood of floods) flood[Symbol.dispose]()
  })
})

describe("the target of a request", () => {
  const told = async ({ host, path, query }: Inbound): Promise<string> => `${host} ${path} ${query}`

  it.each([
    ["/a/b?c=d?e", "there:1 /a/b c=d?e"],
    ["//other.example.org/a", "there:1 //other.example.org/a "],
    ["http://other.example.org:8000/a/b?c=d", "other.example.org:8000 /a/b c=d"],
    ["HTTPS://other.example.org", "other.example.org / "],
    ["http://other.example.org?c=/d", "other.example.org / c=/d"],
    ["http://[::1]:8000/a", "[::1]:8000 /a "],
  ])("is taken apart: %s", async (target, parts) => {
    await using server = await open({}, told)
    using talk = await SocketDialogue.open(server.port)
    talk.say(`GET ${target} HTTP/1.1\r\nhost: there:1\r\nconnection: close\r\n\r\n`)
    const heard = await talk.end()
    expect(heard).toMatch(/^HTTP\/1\.1 200 /)
    expect(heard.slice(heard.indexOf("\r\n\r\n") + 4)).toBe(parts)
  })

  it.each(["host: a\r\nhost: b", "Host: a\r\nhOST: a"])(
    "is refused when hosts are named twice: %j",
    async (hosts) => {
      await using server = await open({}, told)
      using talk = await SocketDialogue.open(server.port)
      talk.say(`GET / HTTP/1.1\r\n${hosts}\r\nconnection: close\r\n\r\n`)
      expect(await talk.end()).toMatch(/^HTTP\/1\.1 400 [^]*the request has several Host headers: send one$/)
    },
  )

  it.each([
    ["OPTIONS *", /^HTTP\/1\.1 204 /],
    ["GET *", /^HTTP\/1\.1 400 [^]*the request names no resource of this server/],
    ["GET http://user:secret@example.org/", /^HTTP\/1\.1 400 /],
    ["GET example.org:443", /^HTTP\/1\.1 400 /],
    ["GET ftp://example.org/", /^HTTP\/1\.1 400 /],
    ["CONNECT example.org:443", /^HTTP\/1\.1 400 /],
  ])("has an answer of its own when it is no resource: %s", async (line, answer) => {
    await using server = await open({}, told)
    using talk = await SocketDialogue.open(server.port)
    talk.say(`${line} HTTP/1.1\r\nhost: there:1\r\nconnection: close\r\n\r\n`)
    const heard = await talk.end()
    expect(heard).toMatch(answer)
    expect(heard).not.toMatch(/^allow:/im)
  })
})

describe("a client that takes its time", () => {
  const patience = { headers: 200, request: 400, keepAlive: 200, silence: 600 }

  it.each([
    ["says nothing", []],
    [
      "drips its headers",
      ["GET / HTTP/1.1\r\n", "host: x\r\n", ...Array.from({ length: 100 }, () => "x-a: b\r\n")],
    ],
    ["drips its request line", Array.from("GET /ping/f3b7c1de-1111-4222-8333-444455556666 HTTP/1.1")],
  ])("is cut off when it %s", async (_case, drops) => {
    await using server = await open({ patience })
    using talk = await SocketDialogue.open(server.port)
    let next = 0
    const dripping = setInterval(() => talk.say(drops[next++] ?? ""), 20)
    expect(await talk.end()).toMatch(/^HTTP\/1\.1 408 /)
    clearInterval(dripping)
  })

  it.each([
    ["with its length", "content-length: 1000\r\n\r\n", "x"],
    ["in chunks", "transfer-encoding: chunked\r\n\r\n", "1\r\nx\r\n"],
  ])("is cut off when it drips its body, %s, and its route hears of that", async (_case, rest, drop) => {
    let heard: Promise<string> | undefined
    await using server = await open({ patience }, (inbound) => {
      heard = inbound.body(1_000).then(
        () => "all of it",
        (error: Error) => error.message,
      )
      return heard
    })
    using talk = await SocketDialogue.open(server.port)
    talk.say(head + rest)
    const dripping = setInterval(() => talk.say(drop), 20)
    expect(await talk.end()).toMatch(/^HTTP\/1\.1 408 /)
    clearInterval(dripping)
    expect(await heard).not.toBe("all of it")
  })

  it("is cut off when it keeps its connection and asks for nothing more", async () => {
    await using server = await open({ patience })
    using talk = await SocketDialogue.open(server.port)
    talk.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    expect(await talk.end()).toMatch(/no body$/)
  })

  it("is cut off when it does not take its answer", async () => {
    await using server = await open({ patience }, async () => "x".repeat(50_000_000))
    using talk = await SocketDialogue.open(server.port)
    talk.socket.pause()
    talk.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    // Waits for the connection, which nobody else ends.
    await server.close(60_000)
    talk.socket.resume()
    expect((await talk.end()).length).toBeLessThan(50_000_000)
  })

  it("does not keep others waiting, nor a server that stops", async () => {
    await using server = await open()
    using slow = await SocketDialogue.open(server.port)
    slow.say("GET / HT")
    using quick = await SocketDialogue.open(server.port)
    quick.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    await quick.hear(/no body$/)
    await server.close(50)
    await slow.end()
  })
})

describe("a client that does not wait for answers", () => {
  const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`
  const count = (heard: string): number => heard.split("HTTP/1.1 200 OK").length - 1

  it("is answered a few requests at once, in their order, and may go on when it has its answers", async () => {
    await using server = await open({}, async ({ path }) => path)
    using talk = await SocketDialogue.open(server.port)
    for (let round = 0; round < 20; round++) {
      talk.heard = ""
      talk.say(["/a", "/b", "/c", "/d"].map(ask).join(""))
      await talk.hear(/\/a[^]*\/b[^]*\/c[^]*\/d$/)
    }
  })

  it("has its connection closed when it asks for more before it has its answers, however slowly it asks", async () => {
    const begun: string[] = []
    const answer = Promise.withResolvers<string>()
    const turnedAway: string[] = []
    await using server = await open({ onTurnedAway: (why) => turnedAway.push(why) }, ({ path }) => {
      begun.push(path)
      return answer.promise
    })
    using talk = await SocketDialogue.open(server.port)
    for (let n = 1; n <= Pipeline.most; n++) {
      talk.say(ask(`/${n}`))
      while (begun.length < n) await new Promise((resolve) => setImmediate(resolve))
    }
    talk.say(ask("/more"))
    await talk.end()
    expect(begun).toEqual(["/1", "/2", "/3", "/4"])
    expect(turnedAway).toEqual(["they asked for too much before they had their answers"])
  })

  it("has its connection closed when it sends more, whatever that costs, and others are not kept waiting", async () => {
    let begun = 0
    await using server = await open({}, async ({ path }) => {
      if (path === "/flood") begun++
      return path
    })
    const floods = await Promise.all(Array.from({ length: 50 }, () => SocketDialogue.open(server.port)))
    for (const flood of floods) flood.say(ask("/flood").repeat(5_000))
    using talk = await SocketDialogue.open(server.port)
    talk.say(ask("/job"))
    await talk.hear(/\/job$/)
    const heard = await Promise.all(floods.map((flood) => flood.end()))
    for (const all of heard) expect(count(all)).toBeLessThanOrEqual(Pipeline.most)
    expect(begun).toBeLessThanOrEqual(floods.length * Pipeline.most)
  })
})

describe("a server with many clients", () => {
  it("gives who comes the place of whoever has been asking for nothing for the longest time", async () => {
    const turnedAway: string[] = []
    await using server = await open({ connections: 3, onTurnedAway: (why) => turnedAway.push(why) })
    using first = await SocketDialogue.open(server.port)
    using silent = await SocketDialogue.open(server.port)
    using slow = await SocketDialogue.open(server.port)
    const ask = async (talk: SocketDialogue): Promise<void> => {
      talk.heard = ""
      talk.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
      await talk.hear(/no body$/)
    }
    for (const talk of [first, silent, slow]) await ask(talk)
    slow.say(`${head}content-length: 5\r\n\r\nhe`)
    await ask(first)
    using fourth = await SocketDialogue.open(server.port)
    await silent.end()
    await ask(fourth)
    using fifth = await SocketDialogue.open(server.port)
    await slow.end()
    await ask(fifth)
    await ask(first)
    await ask(fourth)
    using sixth = await SocketDialogue.open(server.port)
    await fifth.end()
    for (const talk of [first, fourth, sixth]) await ask(talk)
    const outsat = "the server was full, and others came while they asked for nothing"
    expect(turnedAway).toEqual([outsat, outsat, outsat])
  })

  // Elsewhere a machine has only one address of its own by default.
  it.skipIf(process.platform !== "linux")(
    "closes connections of the network that has most, and lets those of others send their requests slowly",
    async () => {
      await using server = await open({ connections: 10 })
      using job = await SocketDialogue.open(server.port)
      job.say(`${head}content-length: 5\r\n\r\nhe`)
      const idle: SocketDialogue[] = []
      for (let came = 0; came < 100; came++) {
        idle.push(await SocketDialogue.open(server.port, { localAddress: "127.0.1.1" }))
      }
      job.say("llo")
      await job.hear(/200 OK[^]*5$/)
      for (const talk of idle) talk[Symbol.dispose]()
    },
  )

  it("is full when all are being answered, and lets in the next one when one has left", async () => {
    const arrived: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()]
    const answer = Promise.withResolvers<string>()
    let asked = 0
    const turnedAway: string[] = []
    const onTurnedAway = (why: string) => turnedAway.push(why)
    await using server = await open({ connections: 2, onTurnedAway }, () => {
      arrived[asked++]?.resolve()
      return answer.promise
    })
    using first = await SocketDialogue.open(server.port)
    using second = await SocketDialogue.open(server.port)
    for (const talk of [first, second]) talk.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    await Promise.all(arrived.map(({ promise }) => promise))
    using third = await SocketDialogue.open(server.port)
    expect(await third.end()).toBe("")
    expect(turnedAway).toEqual(["the server was full, and everybody in it was waiting for an answer"])
    answer.resolve("at last")
    for (const talk of [first, second]) await talk.hear(/at last$/)
    using fourth = await SocketDialogue.open(server.port)
    fourth.say("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    expect(await fourth.end()).toMatch(/at last$/)
  })

  it("finishes what is in flight when it stops", async () => {
    const arrived = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<string>()
    const server = await open({}, () => {
      arrived.resolve()
      return answer.promise
    })
    using talk = await SocketDialogue.open(server.port)
    talk.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    await arrived.promise
    const closed = server.close()
    answer.resolve("at last")
    expect(await talk.end()).toMatch(/at last$/)
    await closed
    await expect(SocketDialogue.open(server.port)).rejects.toThrow("ECONNREFUSED")
  })

  it("tells whoever has no answer when its patience ends that it was stopped", async () => {
    const arrived = Promise.withResolvers<void>()
    const server = await open({}, () => {
      arrived.resolve()
      return new Promise(() => undefined)
    })
    using talk = await SocketDialogue.open(server.port)
    talk.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    await arrived.promise
    await server.close(10)
    expect(await talk.end()).toMatch(
      /^HTTP\/1\.1 503 [^]*retry-after: 5[^]*connection: close[^]*told to stop before it had an answer/i,
    )
  })
})
