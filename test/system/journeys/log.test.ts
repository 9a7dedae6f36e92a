/** The log of a server, as its operator reads it: what happened, with names, and no secret. */
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"
import { OverdueServer, type Options } from "../../kit/OverdueServer.ts"
import * as Receiver from "../../kit/Receiver.ts"

/**
 * A day in the life of a server: failures that are told, also of a check without a name, a recovery, a ping that goes
 * nowhere. Returns its log.
 */
const live = async (options: Options) => {
  using folder = Folder.make()
  await using receiver = await Receiver.listen()
  const server = await OverdueServer.start(folder.path, options)
  const url = `${receiver.url}/?token=hunter2`
  const value = { url_down: url, url_up: url }
  await server.api("POST", "/api/v3/channels/", { name: "ops", kind: "webhook", value })
  const fields = { name: 'Nightly\n"backup"', timeout: 3600, channels: "*" }
  const { json } = await server.api("POST", "/api/v3/checks/", fields)
  const uuid = String(json["uuid"])
  await fetch(`${server.url}/ping/${uuid}/fail`)
  await receiver.count(1)
  await fetch(`${server.url}/ping/${uuid}`)
  await receiver.count(2)
  const nameless = await server.api("POST", "/api/v3/checks/", { channels: "*" })
  const id = String(nameless.json["uuid"])
  await fetch(`${server.url}/ping/${id}/fail`)
  await receiver.count(3)
  await fetch(`${server.url}/ping/${crypto.randomUUID()}`)
  // The receiver has answered before the server hears it, and says so.
  const areTold = async (): Promise<boolean> => {
    const { json } = await server.api("GET", "/api/v3/deliveries/")
    const deliveries = json["deliveries"] as readonly { readonly status: string }[]
    return deliveries.length === 3 && deliveries.every(({ status }) => status === "delivered")
  }
  while (!(await areTold()));
  const { stderr } = await server.stop()
  return { log: stderr, id, secrets: [uuid, id, keys.readWrite, keys.readOnly, keys.ping, "hunter2"] }
}

describe("the log of a server", () => {
  it("tells of its start, of flips, of alerts, and of its end, a line each, and of no secret", async () => {
    const { log, id, secrets } = await live({})
    const lines = log.trimEnd().split("\n")
    for (const line of lines) expect(line).toMatch(/^timestamp=\S+ level=\w+ .*message=/)
    const said = lines.map((line) => / message=(.*)$/.exec(line)![1]!)
    expect(said[0]).toMatch(/^"started at http:\/\/127\.0\.0\.1:\d+ on the database in .*overdue\.db"$/)
    // A channel that was told answers while the next signal is on its way.
    const about = (begins: string) =>
      said.filter((line) => line.startsWith(`"${begins}`) && line.includes("Nightly"))
    expect(about("check")).toEqual([
      String.raw`"check \"Nightly\\n\\\"backup\\\"\" is down (fail)"`,
      String.raw`"check \"Nightly\\n\\\"backup\\\"\" is up (success)"`,
    ])
    expect(about("channel")).toEqual([
      String.raw`"channel \"ops\" (webhook) was told that \"Nightly\\n\\\"backup\\\"\" is down (fail)"`,
      String.raw`"channel \"ops\" (webhook) was told that \"Nightly\\n\\\"backup\\\"\" is up (success)"`,
    ])
    const hint = `${id.slice(0, 8)}…`
    expect(said).toContain(String.raw`"check \"${hint}\" is down (fail)"`)
    expect(said).toContain(String.raw`"channel \"ops\" (webhook) was told that \"${hint}\" is down (fail)"`)
    // What was counted is told in the end.
    const [last, ...counted] = said.slice(said.indexOf('"stopping on SIGTERM"'))
    expect(last).toBe('"stopping on SIGTERM"')
    for (const line of counted) expect(line).toMatch(/^"signals were refused in the last 10 s: /)
    for (const secret of secrets) expect(log).not.toContain(secret)
  })

  it("is JSON when that is asked for, with time, level and message", async () => {
    const { log } = await live({ args: ["--log-format", "json"] })
    const entries = log
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
    for (const entry of entries) {
      expect(entry).toEqual({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: expect.stringMatching(/^(info|warn)$/),
        message: expect.any(String),
      })
    }
    expect(entries.map(({ message }) => message)).toContain('check "Nightly\\n\\"backup\\"" is down (fail)')
  })

  it("says nothing of what is as it should be, when only trouble is to be logged", async () => {
    const { log } = await live({ environment: { OVERDUE_LOG_LEVEL: "warning" } })
    expect(log).toBe("")
  })
})
