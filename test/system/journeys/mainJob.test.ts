/** The main job from end to end, as its user would do it: real processes, a real database file, real HTTP. */
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import * as Receiver from "../../kit/Receiver.ts"

const second = 1_000

/** The value of a channel that tells the receiver, with the status and the check's name in the path. */
const webhook = (url: string): object => ({
  method_down: "POST",
  url_down: `${url}/down/$NAME`,
  body_down: "$NAME is $STATUS: $BODY",
  headers_down: { "X-Code": "$CODE" },
  method_up: "GET",
  url_up: `${url}/up/$NAME`,
  body_up: "",
  headers_up: {},
})

/** A channel, and a check that tells it. */
const set = async (overdue: OverdueServer, receiver: Receiver.Receiver, fields: object = {}) => {
  const channel = await overdue.api("POST", "/api/v3/channels/", {
    name: "hook",
    kind: "webhook",
    value: webhook(receiver.url),
  })
  expect(channel.status).toBe(201)
  const check = await overdue.api("POST", "/api/v3/checks/", {
    name: "backup",
    timeout: 60,
    grace: 60,
    channels: "*",
    ...fields,
  })
  expect(check.status).toBe(201)
  // safe because both were answered with 201
  return { channel: channel.json as { id: string }, check: check.json as { uuid: string; ping_url: string } }
}

const ping = async (url: string, body?: string): Promise<string> =>
  (await fetch(url, body === undefined ? {} : { method: "POST", body })).text()

describe("a server with one check and one webhook", () => {
  it("tells the webhook of a failure within two seconds, and of the recovery", async () => {
    using folder = Folder.make()
    await using receiver = await Receiver.listen()
    await using overdue = await OverdueServer.start(folder.path)
    const { check } = await set(overdue, receiver)

    expect(await ping(check.ping_url)).toBe("OK")
    const failedAt = performance.now()
    expect(await ping(`${check.ping_url}/fail`, "disk full")).toBe("OK")
    await receiver.count(1)
    expect(performance.now() - failedAt).toBeLessThan(2 * second)
    expect(receiver.received[0]).toMatchObject({
      method: "POST",
      url: "/down/backup",
      body: "backup is down: disk full",
    })
    expect(receiver.received[0]!.headers["x-code"]).toBe(check.uuid)

    expect(await ping(check.ping_url)).toBe("OK")
    await receiver.count(2)
    expect(receiver.received[1]).toMatchObject({ method: "GET", url: "/up/backup", body: "" })
  })

  it("tells of silence without anyone pinging", async () => {
    using folder = Folder.make()
    await using receiver = await Receiver.listen()
    await using overdue = await OverdueServer.start(folder.path)
    const { check } = await set(overdue, receiver)
    // The APIs take no period below a minute; the engine, over the same file, does.
    await overdue.stop()
    await shorten(folder.path, check.uuid)
    await using again = await OverdueServer.start(folder.path)
    expect(await ping(`${again.url}/ping/${check.uuid}`)).toBe("OK")
    await receiver.count(1)
    expect(receiver.received[0]).toMatchObject({ url: "/down/backup" })
  })

  it("forgets nothing and sends nothing twice when it is stopped and started again", async () => {
    using folder = Folder.make()
    await using receiver = await Receiver.listen()
    const first = await OverdueServer.start(folder.path)
    const { check, channel } = await set(first, receiver)
    await ping(check.ping_url)
    await ping(`${check.ping_url}/fail`)
    const ended = await first.stop()
    expect(ended.code).toBe(0)

    await using second = await OverdueServer.start(folder.path)
    const { json } = await second.api("GET", `/api/v3/checks/${check.uuid}`)
    expect(json).toMatchObject({ status: "down", n_pings: 2, channels: channel.id })
    expect(await ping(`${second.url}/ping/${check.uuid}`)).toBe("OK")
    await receiver.count(2)
    const third = await second.stop()
    expect(third.code).toBe(0)
    expect(receiver.received.map(({ url }) => url)).toEqual(["/down/backup", "/up/backup"])
  })

  it("delivers after a restart what the webhook would not take before", async () => {
    using folder = Folder.make()
    let status = 500
    await using receiver = await Receiver.listen(() => Receiver.status(status))
    const first = await OverdueServer.start(folder.path)
    const { check } = await set(first, receiver)
    await ping(`${check.ping_url}/fail`)
    await receiver.count(1)
    await first.stop()

    status = 200
    await using second = await OverdueServer.start(folder.path)
    await receiver.count(2)
    expect(receiver.received[1]!.url).toBe("/down/backup")
    expect(receiver.received[1]!.headers["idempotency-key"]).toBe(
      receiver.received[0]!.headers["idempotency-key"],
    )
    expect((await second.stop()).code).toBe(0)
  })

  it("says on its first line where it listens, and shows made keys only once", async () => {
    using folder = Folder.make()
    const environment = { OVERDUE_API_KEY: "", OVERDUE_API_KEY_READONLY: "", OVERDUE_PING_KEY: "" }
    const first = await OverdueServer.start(folder.path, { environment })
    const { stdout } = await first.stop("SIGINT")
    expect(stdout).toMatch(/^overdue is listening on http:\/\/127\.0\.0\.1:\d+\n/)
    const key = /hcw_\w{28}/.exec(stdout)?.[0]
    expect(stdout).toMatch(/hcr_\w{28}/)

    await using second = await OverdueServer.start(folder.path, { environment })
    const answer = await fetch(`${second.url}/api/v3/checks/`, { headers: { "X-Api-Key": key! } })
    expect(answer.status).toBe(200)
    expect((await second.stop()).stdout).not.toMatch(/hcw_/)
  })
})

const shorten = async (directory: string, id: string): Promise<void> => {
  const { make } = await import("@overdue/engine/Monitor")
  const Sqlite = await import("@overdue/storage/Sqlite")
  await using monitor = await make({ store: Sqlite.layer({ filename: `${directory}/overdue.db` }) })
  await monitor.update(id, { every: "200 millis", grace: "100 millis" })
}
