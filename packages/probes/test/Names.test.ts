/** Names, the gate that few of them pass at once, and the heartbeat of a prober. */
import * as Heartbeat from "@overdue/probes/Heartbeat"
import { ofError, Unknown } from "@overdue/probes/Failure"
import { Gate } from "@overdue/probes/Gate"
import * as Names from "@overdue/probes/Names"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { describe, expect, it } from "vitest"
import * as Receiver from "../../../test/kit/Receiver.ts"

describe("a hosts file", () => {
  it("has names behind its addresses, in any case, and comments", () => {
    const text = "127.0.0.1\tlocalhost\n# 10.0.0.1 no\n10.0.0.2  Db.Example  db # main\n\n::1 six\r\nbare\n"
    expect([...Names.namesIn(text)]).toEqual(["localhost", "db.example", "db", "six"])
  })

  it("is believed, and so is the system of names without dots", async () => {
    const found = await Names.resolve("localhost")
    expect(found.every(({ address }) => ["127.0.0.1", "::1"].includes(address))).toBe(true)
    expect(found.length).toBeGreaterThan(0)
  })
})

describe("a name that is not found", () => {
  const error = (code: string) => Object.assign(new Error("no"), { code })
  const reason = (ofServers: readonly [string, string], ofSystem: string) => {
    const failure = ofError(Names.failureOf(ofServers.map(error), error(ofSystem)))
    return failure instanceof Unknown ? failure.why : failure.reason
  }

  it.each([
    [["ENOTFOUND", "ENOTFOUND"], "ENOTFOUND", "dns: no such name"],
    [["ENODATA", "ENODATA"], "ENOTFOUND", "dns: the name has no address"],
    [["ESERVFAIL", "ESERVFAIL"], "EAI_AGAIN", "dns: the name server fails"],
    [["ETIMEOUT", "ETIMEOUT"], "EAI_AGAIN", "dns: no name server answers"],
    [["ESERVFAIL", "ETIMEOUT"], "EAI_AGAIN", "dns: no name server answers"],
    [
      ["ECONNREFUSED", "ECONNREFUSED"],
      "EAI_AGAIN",
      "This machine has no name server that answers; that says nothing of the target.",
    ],
  ] as const)("says why: %s, and of the system %s", (ofServers, ofSystem, expected) => {
    expect(reason(ofServers, ofSystem)).toBe(expected)
  })
})

describe("a gate", () => {
  it("lets so many through at once, in their order, also when some fail", async () => {
    const gate = new Gate(2)
    const begun: number[] = []
    const open: PromiseWithResolvers<void>[] = []
    const passed = [0, 1, 2, 3, 4].map((n) =>
      gate
        .pass(() => {
          begun.push(n)
          open[n] = Promise.withResolvers<void>()
          return open[n].promise
        })
        .then(
          () => "passed",
          () => "failed",
        ),
    )
    expect(begun).toEqual([0, 1])
    open[1]!.reject(new Error("no"))
    await passed[1]
    expect(begun).toEqual([0, 1, 2])
    for (const n of [0, 2, 3, 4]) {
      open[n]!.resolve()
      await passed[n]
    }
    expect([begun, await Promise.all(passed)]).toEqual([
      [0, 1, 2, 3, 4],
      ["passed", "failed", "passed", "passed", "passed"],
    ])
  })
})

describe("the heartbeat of a prober", () => {
  const beat = async (url: string) => {
    const log: string[] = []
    const logger = Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void log.push(line))])
    await Effect.runPromise(Effect.provide(Heartbeat.beat(url), logger))
    return log.join("\n")
  }

  it("asks for its address, and says what went wrong without that", async () => {
    await using receiver = await Receiver.listen([{ status: 200 }, { status: 404 }, "drop"])
    const url = `${receiver.url}/ping/s3cret`
    expect(await beat(url)).toBe("")
    expect(await beat(url)).toContain("its server answers 404")
    const dropped = await beat(url)
    expect(dropped).toMatch(/did not arrive: its server cannot be reached \(\w+\)/)
    expect(dropped).not.toContain("s3cret")
    expect(receiver.received.map(({ url }) => url)).toEqual(["/ping/s3cret", "/ping/s3cret", "/ping/s3cret"])
  })
})
