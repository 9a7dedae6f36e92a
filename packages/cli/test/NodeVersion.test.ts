import * as NodeVersion from "@overdue/cli/NodeVersion"
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

describe("a Node that is older than the command needs", () => {
  it.each(["18.20.8", "20.0.0", "20.20.2", "22.0.0", "22.18.0"])("is refused: %s", (found) => {
    expect(NodeVersion.refusal(found)).toBe(
      `overdue needs Node 22.19 or newer, and this is Node ${found}: install a newer one from https://nodejs.org`,
    )
  })

  it.each(["22.19.0", "22.20.1", "23.0.0", "24.21.0", "100.0.0", "25.0.0-nightly"])(
    "is not one such as %s",
    (found) => {
      expect(NodeVersion.refusal(found)).toBeUndefined()
    },
  )

  it("is the one that the manifest names", () => {
    const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
    expect(manifest.engines.node).toBe(`>=${NodeVersion.least.join(".")}`)
  })
})
