import * as Config from "@overdue/cli/serve/Config"
import { describe, expect, it } from "vitest"

const read = (...args: readonly string[]) => Config.parse(args, {})

describe("a server for which nothing is set", () => {
  it("is reached from its machine alone, and its channels reach no private network", () => {
    expect(read()).toMatchObject({ host: "127.0.0.1", allowPrivateTargets: false })
  })

  it("looks at sixty wrong keys of a network in a minute, and at every key that is right", () => {
    const { wrongKeys, requests } = read().protection
    for (let n = 0; n < 60; n++) expect(wrongKeys!.take("192.0.2.7", 0)).toBe(0)
    expect(wrongKeys!.take("192.0.2.7", 0)).toBeGreaterThan(0)
    expect(wrongKeys!.take("192.0.2.8", 0)).toBe(0)
    expect(requests).toBeUndefined()
  })
})

describe("the address that a server listens on", () => {
  it("may stand in brackets, as in a URL", () => {
    expect(read("--host", "[::1]", "--smtp-port", "0")).toMatchObject({ host: "::1", smtp: { host: "::1" } })
    expect(read("--smtp-host", "[fe80::1%eth0]", "--smtp-port", "0").smtp!.host).toBe("fe80::1%eth0")
  })

  it.each(["--host", "--smtp-host"])("is not every one because %s is empty", (flag) => {
    for (const empty of ["", " "])
      expect(() => read(flag, empty, "--smtp-port", "0")).toThrow(
        new RegExp(`^${flag} is empty: give an address`),
      )
  })
})

describe("the time without a server that does not count", () => {
  it("is what is longer than thirty seconds, or than is asked for, or none", () => {
    expect(read().blindAfter).toBe(30_000)
    expect(read("--blind-after", "5m").blindAfter).toBe(300_000)
    expect(read("--blind-after", "never").blindAfter).toBeUndefined()
    expect(Config.parse([], { OVERDUE_BLIND_AFTER: "1h" }).blindAfter).toBe(3_600_000)
  })

  it.each(["1s", "2d", "soon", "0"])("is not %s", (text) => {
    expect(() => read("--blind-after", text)).toThrow(/--blind-after is/)
  })
})

describe("samples", () => {
  it("are kept for a day, a week and 400 days, unless it is asked for otherwise", () => {
    expect(read().keptSamples).toEqual({ raw: 86_400_000, minute: 604_800_000, hour: 34_560_000_000 })
    expect(read("--keep-samples", "minute = 3d, raw=1h 30m").keptSamples).toEqual({
      raw: 5_400_000,
      minute: 259_200_000,
      hour: 34_560_000_000,
    })
    expect(Config.parse([], { OVERDUE_KEEP_SAMPLES: "hour=10d" }).keptSamples.hour).toBe(864_000_000)
  })

  it.each([
    "",
    "7d",
    "raw",
    "raw=",
    "day=1d",
    "raw=5m",
    "raw=8d",
    "hour=6d",
    "hour=4000d",
    "raw=soon",
    "raw=1d,raw=2d",
  ])("are not kept for %j", (text) => {
    expect(() => read("--keep-samples", text)).toThrow(/--keep-samples/)
  })
})

describe("the heartbeat of a prober", () => {
  it("is refused to a server that asks nothing", () => {
    const url = "https://example.org/ping"
    expect(read("--probe-heartbeat", url).probes.heartbeat).toBe(url)
    expect(() => Config.parse(["--probes", "0", "--probe-heartbeat", url], {})).toThrow(
      /with --probes 0 it asks nothing/,
    )
  })
})

describe("the log", () => {
  it("is logfmt down to what is worth knowing, unless it is asked for otherwise", () => {
    expect(read().log).toEqual({ format: "logfmt", level: "info" })
    expect(read("--log-format", "json", "--log-level", "debug").log).toEqual({
      format: "json",
      level: "debug",
    })
  })

  it.each([
    ["--log-format", "xml"],
    ["--log-level", "warn"],
  ])("refuses %s %s and says what there is", (flag, word) => {
    expect(() => read(flag, word)).toThrow(new RegExp(`${flag} is one of`))
  })
})
