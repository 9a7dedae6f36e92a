/** A few seconds of the long run (`pnpm storm`), without what depends on how busy the machine is. */
import { expect, it } from "vitest"
import * as Storm from "./Storm.ts"

it("a server in a storm answers no request with a failure, is never blind, and stops when it is told to", async () => {
  const report = await Storm.run({ seed: 1, seconds: 5, channels: 20 })
  expect(report.strangers.wrong).toEqual([])
  expect(report.ledger.blind).toEqual([])
  expect(report.jobs.sent.length).toBeGreaterThan(20)
  expect(report.ended.code).toBe(0)
})
