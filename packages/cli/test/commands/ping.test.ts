import { describe, expect, it } from "vitest"
import { listen } from "../../../../test/kit/Receiver.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"

const id = "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c"
const rid = "123e4567-e89b-42d3-a456-426614174000"

describe("overdue ping", () => {
  it.each([
    [[], `/ping/${id}`, ""],
    [["start"], `/ping/${id}/start`, ""],
    [["255"], `/ping/${id}/255`, ""],
    [["log", "--body", "so far so good", "--rid", rid], `/ping/${id}/log?rid=${rid}`, "so far so good"],
    [["fail", "-b", "-"], `/ping/${id}/fail`, "from standard input"],
  ])("with %j sends %s and %j", async (args, url, body) => {
    await using server = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const { child, ended } = overdue.start(["ping", ...args])
    child.stdin.end("from standard input")
    expect(await ended).toMatchObject({ code: 0, stdout: "", stderr: "" })
    expect(server.received.map(({ url, body }) => [url, body])).toEqual([[url, body]])
  })

  it("takes a whole ping URL for the check", async () => {
    await using server = await listen()
    await using overdue = await Overdue.make()
    expect((await overdue.run(["ping", "-c", `${server.url}/${id}`])).code).toBe(0)
    expect(server.received[0]!.url).toBe(`/${id}`)
  })

  it("exits with 1 and says why when the server refuses, without the address", async () => {
    await using server = await listen([{ status: 404, body: "not found" }])
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    expect(await overdue.run(["ping"])).toMatchObject({
      code: 1,
      stderr: "overdue ping: the server answered 404: not found; this signal (success) is lost\n",
    })
  })

  it("keeps a signal for a server that is away, but not a start", async () => {
    await using overdue = await Overdue.make({ OVERDUE_URL: "http://127.0.0.1:1", OVERDUE_CHECK: id })
    expect((await overdue.run(["ping", "start"])).code).toBe(1)
    expect((await overdue.run(["ping", "fail"])).code).toBe(0)
    expect((await overdue.run(["spool", "list"])).stdout).toMatch(
      /\n\S+Z {2}\S+ +fail +7a3f2c1e… +127\.0\.0\.1:1\n$/,
    )
    expect(await overdue.run(["spool", "send"])).toMatchObject({
      code: 1,
      stdout: "1 signal could not be sent and will be tried again\n",
    })
    expect((await overdue.run(["spool", "clear"])).stdout).toBe("deleted 1 signal\n")
  })

  it("writes what waited for more than a day to the log only", async () => {
    await using server = await listen()
    await using overdue = await Overdue.make()
    const { add, directory } = await import("@overdue/cli/Spool")
    const spool = directory({ XDG_STATE_HOME: `${overdue.folder}/.local/state` })
    const body = Buffer.from("old")
    const url = `${server.url}/x`
    await add(spool, { url, kind: 0, rid, at: Date.UTC(2020, 0, 1), startedAt: undefined, body })
    expect((await overdue.run(["spool", "send"])).stdout).toBe(
      "sent 1 signal kept from earlier\nno signals are kept\n",
    )
    expect(server.received[0]!.url).toBe(`/x/log?rid=${rid}`)
    expect(server.received[0]!.body).toBe("sent late: this happened 2020-01-01T00:00:00.000Z\n\nold")
  })

  it.each([
    [
      ["sucess"],
      'the kind of a ping is success, start, fail, log, cancel, or an exit status 0 … 255, not "sucess"',
    ],
    [
      ["256"],
      'the kind of a ping is success, start, fail, log, cancel, or an exit status 0 … 255, not "256"',
    ],
    [["start", "fail"], 'unexpected argument "fail": a ping has one kind'],
    [["--rid", "7"], '--rid is a UUID such as 123e4567-e89b-42d3-a456-426614174000, not "7"'],
  ])("refuses %j with 2", async (args, sentence) => {
    await using overdue = await Overdue.make({ OVERDUE_CHECK: id })
    const { code, stderr } = await overdue.run(["ping", ...args])
    expect(code).toBe(2)
    expect(stderr).toContain(`overdue ping: ${sentence}\n`)
  })
})
