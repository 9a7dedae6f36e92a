import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { rolldown } from "rolldown"
import { describe, expect, it } from "vitest"

async function minified(source: string): Promise<string> {
  const entry = "\0entry"
  const bundle = await rolldown({
    input: entry,
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? source : null),
      },
    ],
  })
  const { output } = await bundle.generate({ format: "esm", minify: true })
  return output[0].code
}

describe("the client in a page or an edge worker", () => {
  it("costs at most 2 kB minified and compressed, and imports nothing", async () => {
    const code = await minified(`export * from "${import.meta.resolve("@overdue/client").slice(7)}"`)
    expect(code).not.toMatch(/\bimport\b|\brequire\b/)
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(2000)
  })
})
