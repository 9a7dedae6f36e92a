import * as Config from "@overdue/cli/serve/Config"
import { describe, expect, it } from "vitest"

const read = (...args: readonly string[]) => Config.parse(args, {})

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
