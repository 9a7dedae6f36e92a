import { second } from "@overdue/core/Time"
import { expect, it } from "vitest"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"
import * as Nodes from "./nodes.ts"

await onPostgres("four servers on one PostgreSQL, of which one is killed and one frozen", () => {
  it("lose no answered ping, no flip and no delivery, and tell each", { timeout: 240_000 }, async () => {
    const { wrong, acknowledged, arrived } = await Nodes.run({ pings: 300, frozenFor: 12 * second })
    expect(wrong).toEqual([])
    expect(acknowledged).toBeGreaterThan(1_000)
    expect(arrived).toBeGreaterThan(0)
  })
})
