import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress } from "node:zlib"
import { Readable } from "node:stream"
import { buffer } from "node:stream/consumers"
import { describe, expect, it } from "vitest"
import * as Receiver from "../../../test/kit/Receiver.ts"

const gigabyte = 1_073_741_824
const zeros = function* () {
  const chunk = Buffer.alloc(4_194_304)
  for (let sent = 0; sent < gigabyte; sent += chunk.length) yield chunk
}

/** Asks once before, so that what is loaded then is not counted, and prints how much more memory was taken after. */
const program = `
  import * as Asker from "@overdue/probes/Asker"
  import * as Probe from "@overdue/core/Probe"
  const [small, bomb] = process.argv.slice(1)
  const ask = Asker.make({ isAllowed: () => true })
  const asked = (url) => ask(Probe.make({ url, conditions: [{ of: "body", key: "", operator: "contains", values: ["x"] }] }))
  await asked(small)
  await asked(small)
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 1)
  const startedAt = performance.now()
  const { answer } = await asked(bomb)
  clearInterval(timer)
  const rss = process.memoryUsage.rss()
  console.log(JSON.stringify({ grown: Math.max(most, rss) - before, took: performance.now() - startedAt, reason: answer.reason }))
`

const run = promisify(execFile)

describe("a gigabyte of zeros", () => {
  it.each([
    ["gzip", () => createGzip({ level: 1 })],
    ["deflate", () => createDeflate({ level: 1 })],
    ["br", () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ["zstd", () => createZstdCompress()],
  ])("in %s costs little memory and no time", async (coding, compressor) => {
    const body = await buffer(Readable.from(zeros()).pipe(compressor()))
    await using receiver = await Receiver.listen(({ url }) => ({
      status: 200,
      headers: url === "/small" ? {} : { "Content-Encoding": coding },
      body: url === "/small" ? "small" : body,
    }))
    const urls = [`${receiver.url}/small`, `${receiver.url}/bomb`]
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program, ...urls], {
      cwd: new URL("../../../test", import.meta.url).pathname,
    })
    const { grown, took, reason } = JSON.parse(stdout)
    expect(reason).toBe("condition 1 failed: body begins with nothing")
    expect(grown).toBeLessThan(30 * 1_048_576)
    expect(took).toBeLessThan(2_000)
  })
})
