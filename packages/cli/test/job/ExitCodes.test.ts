import * as ExitCodes from "@overdue/cli/job/ExitCodes"
import { describe, expect, it } from "vitest"

describe("what is reported for exit statuses", () => {
  it("is each status itself without a list", () => {
    for (const status of [0, 1, 137, 255]) expect(ExitCodes.parse(undefined)(status)).toBe(status)
  })

  it.each([
    ["1=success,3=log", { 0: 0, 1: "success", 2: 2, 3: "log" }],
    ["100-120=success", { 99: 99, 100: "success", 110: "success", 120: "success", 121: 121 }],
    ["0=fail, 1 = cancel", { 0: "fail", 1: "cancel" }],
    ["23=0,24=7", { 23: 0, 24: 7 }],
    ["1=success,0-255=fail", { 0: "fail", 1: "success", 255: "fail" }],
    ["143=success", { 143: "success", 15: 15 }],
  ])("%j", (text, expected) => {
    const reported = ExitCodes.parse(text)
    for (const [status, kind] of Object.entries(expected)) expect(reported(Number(status))).toBe(kind)
  })

  it.each([
    "",
    "1",
    "1=",
    "=success",
    "1=ok",
    "256=success",
    "1=256",
    "5-3=log",
    "-1=log",
    "1=success,",
    "1-=log",
    "1=start",
    "1.5=log",
  ])("%j is refused", (text) => {
    expect(() => ExitCodes.parse(text)).toThrow("--exit-codes is a list such as 1=success,3=log,100-120=0")
  })
})
