/** JSON that is printed bit by bit. */
import type { Outbound } from "@overdue/server/http/Http"
import { isStream } from "@overdue/server/http/Http"
import * as LongJson from "@overdue/server/http/LongJson"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { expect, it } from "vitest"

const textOf = async ({ headers, body }: Outbound): Promise<string> => {
  const chunks: Uint8Array[] = []
  if (isStream(body)) for await (const chunk of body) chunks.push(chunk)
  else chunks.push(Buffer.from(body))
  const bytes = Buffer.concat(chunks)
  if (headers["content-length"] !== undefined) expect(headers["content-length"]).toBe(String(bytes.length))
  return bytes.toString("utf8")
}

it("is printed as all at once", async () => {
  const value = fc.jsonValue()
  const long = fc.array(value, { maxLength: 3_000, size: "max" })
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), value), long, long, async (rest, one, other) => {
      const made = Effect.gen(function* () {
        return yield* LongJson.answer({
          one: yield* LongJson.list(one, (item) => ({ item })),
          ...rest,
          other: yield* LongJson.list(other, (item) => [item]),
        })
      })
      const whole = { one: one.map((item) => ({ item })), ...rest, other: other.map((item) => [item]) }
      expect(await textOf(await Effect.runPromise(made))).toBe(JSON.stringify(whole))
    }),
    { numRuns: 30 },
  )
})

it("is sent in slices of less than a megabyte, however long its items are", async () => {
  const items = Array.from({ length: 40 }, () => "é".repeat(100_000))
  const list = Effect.flatMap(
    LongJson.list(items, (text) => ({ text })),
    (all) => LongJson.answer({ all }),
  )
  const { body } = await Effect.runPromise(list)
  if (!isStream(body)) throw new Error("the answer is one piece")
  const sizes: number[] = []
  for await (const { byteLength } of body) sizes.push(byteLength)
  expect(Math.max(...sizes)).toBeLessThan(1_000_000)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(
    JSON.stringify({ all: items.map((text) => ({ text })) }).length + 4_000_000,
  )
})
