import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { asks } from "./PublicAsks.ts"

const root = new URL("../..", import.meta.url).pathname

describe("what users of cron monitors ask for", () => {
  it.each(asks)("$ask: $shows", async ({ shown }) => {
    if (typeof shown === "function") return shown()
    expect(readFileSync(join(root, shown.file), "utf8")).toContain(shown.title)
  })

  it("stands in the documentation as it is shown here", () => {
    const documentation = readFileSync(join(root, "packages/core/README.md"), "utf8")
    for (const { ask, where, here, shows, healthchecks } of asks) {
      expect(documentation).toContain(`| ${ask} | ${where} | ${here} | ${shows} | ${healthchecks} |\n`)
    }
  })
})
