import { fetch, fetchOfPing } from "@overdue/cli/Fetch"
import { describe, expect, it } from "vitest"
import * as Overdue from "../../../test/kit/Overdue.ts"
import * as Receiver from "../../../test/kit/Receiver.ts"

const mebibyte = Buffer.alloc(1_048_576, "x")

/** Answers with so many mebibytes of JSON that never ends. */
const endless = (status: number, mebibytes: number): Receiver.Answer => ({
  write: (response) => {
    response.writeHead(status).write('{"checks": ["')
    for (let sent = 0; sent < mebibytes; sent++) response.write(mebibyte)
  },
})

const asked = () => ({ method: "GET", signal: AbortSignal.timeout(20_000) })

describe("an answer without end", () => {
  it("ends a command as soon as it is too long, and is not asked for again", async () => {
    await using house = await Receiver.listen(endless(200, 129))
    await using overdue = await Overdue.make({ OVERDUE_URL: house.url, OVERDUE_API_KEY: "A".repeat(32) })
    const { code, stderr } = await overdue.run(["checks", "list"])
    expect([code, stderr]).toEqual([1, "overdue checks list: the server's answer is longer than 128 MiB\n"])
    expect(house.received).toHaveLength(1)
  })

  it.each([
    ["a refusal", 500, fetch],
    ["the answer to a signal", 200, fetchOfPing],
  ])("is read for 64 KiB as %s", async (_, status, asking) => {
    await using house = await Receiver.listen(endless(status, 1))
    const answer = await asking(house.url, asked())
    expect([answer.status, (await answer.text()).length]).toEqual([status, 65_536])
  })
})

describe("an answer that comes in parts", () => {
  it("is one text, wherever a character was cut", async () => {
    const body = "€".repeat(200_000)
    await using house = await Receiver.listen({ status: 200, body })
    expect((await (await fetch(house.url, asked())).text()) === body).toBe(true)
  })
})
