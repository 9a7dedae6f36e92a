import * as net from "node:net"
import { once } from "node:events"
import { fetchOfPing } from "@overdue/cli/Fetch"
import * as Posting from "@overdue/cli/Posting"
import * as HttpAnswer from "@overdue/probes/HttpAnswer"
import { describe, expect, it } from "vitest"
import * as Receiver from "../../../test/kit/Receiver.ts"

const post = Posting.make({
  fetch: fetchOfPing,
  program: "test",
  keyNow: () => "k",
  credential: () => ({}),
})

/** What is said of a server that does not answer within so many milliseconds. */
const said = async (url: string, patience: number): Promise<string> => {
  try {
    await post(url, "{}", AbortSignal.timeout(patience))
    return "it answers"
  } catch (error) {
    return HttpAnswer.unanswered(error)
  }
}

const begun: Receiver.Answer = { write: (response) => void response.writeHead(200).write("{") }

describe("a post to a server", () => {
  it.each([
    ["never answers", "hang"],
    ["never ends its answer", begun],
  ] as const)("that %s is late", async (_, answer) => {
    await using server = await Receiver.listen(answer)
    expect(await said(server.url, 100)).toBe("does not answer in time")
  })

  it("that is no HTTP server is told so", async () => {
    const server = net.createServer((socket) => socket.on("error", () => {}).end("220 mail.example.org\r\n"))
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const { port } = server.address() as net.AddressInfo // safe because it listens on TCP
    expect(await said(`http://127.0.0.1:${port}`, 20_000)).toMatch(/^does not speak HTTP \(HPE_/)
    server.close()
  })

  it("hands on what its clock says", async () => {
    const date = "Thu, 01 Jan 1970 00:00:00 GMT"
    await using server = await Receiver.listen(Receiver.status(422, { Date: date }))
    const answer = await post(server.url, "{}", AbortSignal.timeout(20_000))
    expect([answer.status, answer.date]).toEqual([422, date])
  })
})
