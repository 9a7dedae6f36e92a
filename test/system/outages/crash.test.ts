import { expect, it } from "vitest"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"
import * as Crash from "./crash.ts"

const rounds = Number(process.env["OVERDUE_CRASH_ROUNDS"] ?? 20)

await onPostgres("a server and its PostgreSQL, killed in turn at random moments", () => {
  it(`${rounds} times, lose no answered ping, no flip and no delivery`, { timeout: 240_000 }, async () => {
    const { wrong, acknowledged } = await Crash.run(rounds, 20_261_128)
    expect(wrong).toEqual([])
    expect(acknowledged).toBeGreaterThan(rounds)
  })
})
