/** Alerts that do not get through, as their operator meets them: real processes, a real database file, real receivers. */
import { once } from "node:events"
import * as net from "node:net"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"
import * as Overdue from "../../kit/Overdue.ts"
import { OverdueServer, type Options } from "../../kit/OverdueServer.ts"
import * as Receiver from "../../kit/Receiver.ts"

const second = 1_000

/** A receiver whose answer can be changed. */
const receiverThat = async (first: Receiver.Answer) => {
  const state = { answer: first }
  const receiver = await Receiver.listen(() => state.answer)
  return { receiver, answers: (answer: Receiver.Answer) => void (state.answer = answer) }
}

const value = (url: string, body = "$NAME is $STATUS ($REASON) [$UNTOLD]") => ({
  method_down: "POST",
  url_down: url,
  body_down: body,
  method_up: "POST",
  url_up: url,
  body_up: body,
})

/** A server with a channel `ops` and checks that tell it, and the command line of an operator who has its API key. */
const open = async (folder: Folder.Folder, url: string, options: Options = {}, body?: string) => {
  const server = await OverdueServer.start(folder.path, options)
  await server.api("POST", "/api/v3/channels/", { name: "ops", kind: "webhook", value: value(url, body) })
  const operator = Overdue.at(folder.path, { OVERDUE_URL: server.url, OVERDUE_API_KEY: keys.readWrite })
  const check = async (name: string) => {
    const fields = { name, slug: name, timeout: 3600, grace: 3600, channels: "*" }
    const { json } = await server.api("POST", "/api/v3/checks/", fields)
    return (suffix: "" | "/fail", body?: string) =>
      fetch(`${String(json["ping_url"])}${suffix}`, body === undefined ? {} : { method: "POST", body })
  }
  return { server, operator, check }
}

/** Asks until the answer has what is expected: what happens in a server by itself can only be looked for. */
const eventually = async <A>(ask: () => Promise<A>, is: (answer: A) => boolean): Promise<A> => {
  for (;;) {
    const answer = await ask()
    if (is(answer)) return answer
  }
}

const bodies = (receiver: Receiver.Receiver) => receiver.received.map(({ body }) => body)

describe("an alert that the receiver refuses", () => {
  it("holds up no later one, is listed with the reason, and is told of by the next", async () => {
    using folder = Folder.make()
    const answer = ({ body }: Receiver.Received): Receiver.Answer => {
      try {
        JSON.parse(body)
        return Receiver.status(200)
      } catch {
        return Receiver.status(400)
      }
    }
    await using receiver = await Receiver.listen(answer)
    const { server, operator, check } = await open(folder, receiver.url, {}, '{"m": "$BODY"}')
    await using _ = server
    const ping = await check("backup")
    await ping("/fail", 'say "x"')
    await receiver.count(1)
    await ping("")
    await receiver.count(2)
    await ping("/fail", "fine")
    await receiver.count(3)
    expect(bodies(receiver)).toEqual(['{"m": "say "x""}', '{"m": ""}', '{"m": "fine"}'])
    const listed = await eventually(
      () => operator.run(["alerts", "list"]),
      ({ stdout }) => !stdout.includes("pending"),
    )
    const rows = listed.stdout.trimEnd().split("\n").slice(1)
    expect(rows.map((row) => row.slice(18).replace(/ +\S+$/, ""))).toEqual([
      "backup is down (fail)   ops      delivered  –",
      "backup is up (success)  ops      delivered  –",
      "backup is down (fail)   ops      dead       the target answered with status 400, which refuses this message",
    ])
    expect(server.output.stderr).toContain(
      String.raw`channel \"ops\" (webhook) is not told that \"backup\" is down (fail): the target answered with status 400`,
    )
  })
})

describe("a channel whose receiver is away", () => {
  it("is listed as failing, and since when, and is sent all that waits once a test gets through", async () => {
    using folder = Folder.make()
    // It is away until the operator has tried it.
    let isTried = false
    await using receiver = await Receiver.listen(({ body }) => {
      isTried ||= body.startsWith("TEST")
      return Receiver.status(isTried ? 200 : 503)
    })
    const { server, operator, check } = await open(folder, receiver.url)
    await using _server = server
    for (const name of ["backup", "report"]) await (await check(name))("/fail")
    await receiver.count(2)
    const listed = await eventually(
      () => operator.run(["channels", "list"]),
      ({ stdout }) => stdout.includes("fails"),
    )
    expect(listed.stdout).toMatch(
      /\nops +webhook +fails for \S+: the target answered with status 503 +2 +never +2 +\S{36}\n$/,
    )
    const test = await operator.run(["channels", "test", "ops"])
    expect([test.code, test.stdout, test.stderr]).toEqual([
      0,
      "ops: the test alert was delivered\n",
      `asking the server at ${server.url}\n`,
    ])
    await eventually(
      () => operator.run(["alerts", "list", "--status", "delivered", "--json"]),
      ({ stdout }) => JSON.parse(stdout).length === 2,
    )
    expect(bodies(receiver).slice(-2).toSorted()).toEqual([
      "backup is down (fail) []",
      "report is down (fail) []",
    ])
    expect((await operator.run(["channels", "list"])).stdout).toMatch(/\nops +webhook +works +– +\S+ ago +2 /)
    const log = server.output.stderr
    expect(log.match(/channel [^ ]+ \(webhook\) fails/g)).toHaveLength(1)
  })

  it("does not hold up a newer alert, which tells of the older one", async () => {
    using folder = Folder.make()
    const answer = ({ body }: Receiver.Received) => Receiver.status(body.includes("is up") ? 200 : 503)
    await using receiver = await Receiver.listen(answer)
    const { server, operator, check } = await open(folder, receiver.url)
    await using _server = server
    const ping = await check("backup")
    await ping("/fail")
    await eventually(
      () => operator.run(["alerts", "list", "--json"]),
      ({ stdout }) => JSON.parse(stdout)[0]?.error !== null,
    )
    await ping("")
    const told = await eventually(
      () => new Promise<readonly string[]>((resolve) => setImmediate(() => resolve(bodies(receiver)))),
      (all) => all.some((body) => body.includes("is up")),
    )
    expect(told.at(-1)).toMatch(/^backup is up \(fail\) \[down \(fail\) at \S+\]$/)
    const { stdout } = await operator.run(["alerts", "list", "--status", "superseded"])
    expect(stdout).toMatch(/backup is down \(fail\) +ops +superseded/)
  })

  it("is told nothing of what a person has given up, until he takes it up again", async () => {
    using folder = Folder.make()
    const { receiver, answers } = await receiverThat(Receiver.status(503))
    await using _receiver = receiver
    const { server, operator, check } = await open(folder, receiver.url)
    await using _server = server
    await (
      await check("backup")
    )("/fail")
    const [{ id }] = await eventually(
      async () => JSON.parse((await operator.run(["alerts", "list", "--json"])).stdout),
      (found) => found.length === 1,
    )
    const short = id.replaceAll(/(\w{8})[-\w]{28}/g, "$1")
    expect((await operator.run(["alerts", "drop", short])).stdout).toBe(
      "given up: backup is down (fail) → ops\n",
    )
    answers(Receiver.status(200))
    await operator.run(["channels", "test", "ops"])
    expect(bodies(receiver)).not.toContain("backup is down (fail) [] ")
    const shown = await operator.run(["alerts", "show", short])
    expect(shown.stdout).toMatch(/^backup is down \(fail\)\n[^]*\n {2}status {8}dropped\n/)
    expect((await operator.run(["alerts", "retry", "--check", "backup", "--yes"])).stdout).toBe(
      "no alerts to send again\n",
    )
    const again = await operator.run(["alerts", "retry", "--check", "backup", "--status", "dropped", "--yes"])
    expect(again.stdout).toBe("sent again: backup is down (fail) → ops\n")
    await eventually(
      () => operator.run(["alerts", "list", "--status", "delivered", "--json"]),
      ({ stdout }) => JSON.parse(stdout).length === 1,
    )
  })
})

describe("what an operator does with alerts", () => {
  it("reaches those that he means, however many others there are, and needs a choice", async () => {
    using folder = Folder.make()
    const answer = ({ body }: Receiver.Received) => Receiver.status(body.startsWith("first") ? 404 : 200)
    await using receiver = await Receiver.listen(answer)
    const { server, operator, check } = await open(folder, receiver.url)
    await using _ = server
    await (
      await check("first")
    )("/fail")
    const ping = await check("busy")
    for (let n = 0; n < 60; n++) await ping(n % 2 === 0 ? "/fail" : "")
    await eventually(
      () => operator.run(["alerts", "list", "--status", "pending", "--json"]),
      ({ stdout }) => JSON.parse(stdout).length === 0,
    )
    const choice = ["alerts", "retry", "--channel", "ops", "--limit", "5", "--yes"]
    expect((await operator.run(choice)).stdout).toBe("sent again: first is down (fail) → ops\n")
    const all = await operator.run(["alerts", "drop", "--limit", "1000", "--yes"])
    expect([all.code, all.stderr]).toEqual([
      2,
      expect.stringContaining("name alerts by their ids, or choose them"),
    ])
    const reader = Overdue.at(folder.path, { OVERDUE_URL: server.url, OVERDUE_API_KEY: keys.readOnly })
    expect((await reader.run(["alerts", "list", "--channel", "ops", "--limit", "1"])).code).toBe(0)
    const change = await reader.run(["alerts", "retry", "--check", "busy", "--status", "delivered", "--yes"])
    expect([change.code, change.stderr]).toEqual([1, expect.stringContaining("this key is read-only")])
  })

  it("is refused for another project than the key's", async () => {
    using folder = Folder.make()
    await using receiver = await Receiver.listen()
    const { server, operator } = await open(folder, receiver.url)
    await using _ = server
    const wrong = await operator.run(["channels", "remove", "ops", "--project", "other", "--yes"])
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('the API key is one of the project "default", not of "other"'),
    ])
    expect((await operator.run(["channels", "list", "--project", "default"])).stdout).toContain("ops")
  })
})

describe("a channel on this machine, which the server may not reach", () => {
  it("says so at once, and is told what is down when the server may, without a word from anybody", async () => {
    using folder = Folder.make()
    await using receiver = await Receiver.listen()
    const first = await open(folder, receiver.url, { allowPrivateTargets: false })
    await (
      await first.check("backup")
    )("/fail")
    const listed = await eventually(
      () => first.operator.run(["channels", "list"]),
      ({ stdout }) => stdout.includes("fails"),
    )
    expect(listed.stdout).toContain("private address")
    const tested = await first.operator.run(["channels", "test", "ops"])
    expect([tested.code, tested.stderr]).toEqual([1, expect.stringContaining("private address")])
    await first.server.stop()
    await using _ = await OverdueServer.start(folder.path)
    await receiver.count(1)
    expect(bodies(receiver)).toEqual(["backup is down (fail) []"])
  })
})

describe("a server that is told to stop", () => {
  it("stops within ten seconds though receivers and clients hang, and the next one sends what was being sent", async () => {
    using folder = Folder.make()
    const { receiver, answers } = await receiverThat("hang")
    await using _receiver = receiver
    const { server, check } = await open(folder, receiver.url)
    await (
      await check("backup")
    )("/fail")
    await receiver.count(1)
    // A client that never ends its request, and one that never begins it.
    const clients = [
      "POST /ping/x HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf",
      "GET /ping/x HTTP/1.1\r\n",
      "",
    ].map((half) => {
      const socket = net.connect(Number(new URL(server.url).port), "127.0.0.1")
      socket.on("error", () => {})
      socket.write(half)
      return socket
    })
    await Promise.all(clients.map((socket) => once(socket, "connect")))
    const began = performance.now()
    const { code, stderr } = await server.stop()
    expect([code, performance.now() - began < 10 * second]).toEqual([0, true])
    expect(stderr).not.toMatch(/level=ERROR|[0-9a-f]{8}-[0-9a-f]{4}-/)
    for (const socket of clients) socket.destroy()
    answers(Receiver.status(200))
    await using _next = await OverdueServer.start(folder.path)
    await receiver.count(2)
    const [cut, again] = receiver.received
    expect(again?.headers["idempotency-key"]).toBe(cut?.headers["idempotency-key"])
    expect(again?.body).toBe("backup is down (fail) []")
  })
})

describe("a check that comes after another", () => {
  it("is listed as held by it, and told when that is up again and it is not", async () => {
    using folder = Folder.make()
    await using receiver = await Receiver.listen()
    const { server, operator, check } = await open(folder, receiver.url)
    await using _ = server
    const [db, web] = [await check("db"), await check("web")]
    const update = await operator.run(["checks", "update", "web", "--after", "db"])
    expect([update.code, update.stderr]).toEqual([0, ""])
    await db("/fail")
    await receiver.count(1)
    await web("/fail")
    const { stdout } = await eventually(
      () => operator.run(["alerts", "list"]),
      ({ stdout }) => stdout.includes("held"),
    )
    expect(stdout).toMatch(/web is down \(fail\) +ops +held +held: db is down /)
    await db("")
    await receiver.count(3)
    expect(bodies(receiver).slice(1).toSorted()).toEqual(["db is up (fail) []", "web is down (fail) []"])
  })
})
