/** A server whose wall clock is set wrong by days and years, each time for seconds, and put right again. */
import { writeFileSync } from "node:fs"
import { setTimeout } from "node:timers/promises"
import { day, second } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"

const shifted = new URL("../../kit/ShiftedDate.ts", import.meta.url).pathname

describe("a server whose clock is wrong for seconds, by whatever it is", () => {
  it("raises no alarm of a job that signals in time, and one of a job that does not", async () => {
    using folder = Folder.make()
    const file = folder.file("shift")
    const shift = (by: number) => writeFileSync(file, String(by))
    shift(0)
    await using server = await OverdueServer.start(folder.path, {
      environment: { NODE_OPTIONS: `--import=${shifted}`, OVERDUE_TEST_SHIFT: file },
    })
    const make = async (slug: string, timeout: number) => {
      const fields = { name: slug, slug, timeout, grace: 1, early: 0 }
      const { json } = await server.api("POST", "/api/v3/checks/?defaults=own", fields)
      const url = String(json["ping_url"])
      await fetch(url)
      return { url, uuid: String(json["uuid"]) }
    }
    const [heard, silent] = [await make("heard", 1), await make("silent", 3)]
    for (const days of [3, 0, -3, 0, 3650, 0, -3650, 0]) {
      shift(days * day)
      for (let times = 0; times < 2; times++) {
        await setTimeout(second / 2)
        await fetch(heard.url)
      }
    }
    const flips = async ({ uuid }: typeof heard) => {
      const { json } = await server.api("GET", `/api/v3/checks/${uuid}/flips/`)
      return (json["flips"] as readonly { readonly up: number }[]).map(({ up }) => up)
    }
    expect([await flips(heard), await flips(silent)]).toEqual([[1], [0, 1]])
  })
})
