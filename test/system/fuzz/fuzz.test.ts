/** A tenth of the long run (`pnpm fuzz`): always the same cases, so that what fails here fails again. */
import { expect, it } from "vitest"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"
import * as Fuzz from "./Fuzz.ts"

/** Megabytes that a server may grow between the first quarter of the work and the last. */
const growth = 60

it("a server answers 10,000 hostile requests and 500 hostile mails, stays alive and does not grow", async () => {
  const { failures, memory, ended } = await Fuzz.run({ seed: 1, requests: 10_000, mails: 500 })
  expect(failures).toEqual([])
  expect(ended.code).toBe(0)
  expect(ended.stderr).not.toMatch(/ level=(ERROR|FATAL) |^\s+at /m)
  expect(memory).toHaveLength(20)
  const early = Math.max(...memory.slice(0, 5))
  const late = Math.max(...memory.slice(15))
  expect(late - early).toBeLessThan(growth)
})

await onPostgres("a server on PostgreSQL", ({ fresh }) => {
  it("answers 2,000 hostile requests and 100 hostile mails, stays alive and has no fault of its database", async () => {
    const { failures, ended } = await Fuzz.run({ seed: 2, requests: 2_000, mails: 100, database: fresh() })
    expect(failures).toEqual([])
    expect(ended.code).toBe(0)
    expect(ended.stderr).not.toMatch(/ level=(ERROR|FATAL) |^\s+at /m)
  })
})
