/**
 * What is told of outages, in a process of its own, so that it takes no time from who pings. It says where it listens, and
 * of each so many requests when they arrived. Run by `Receiver`.
 */
import { Agent, createServer, request } from "node:http"
import type { AddressInfo } from "node:net"

/** It has been told of things before: what is measured is not how long its own code takes to be compiled. */
const before = 2_000

const expected = Number(process.argv[2])
let arrivals: number[] = []
let isReady = false

const server = createServer((incoming, response) => {
  incoming.resume()
  response.end("OK")
  if (!isReady) return
  arrivals.push(Date.now())
  if (arrivals.length < expected) return
  process.send!({ arrivals })
  arrivals = []
})
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
// safe because a listening TCP server has an address record
const { port } = server.address() as AddressInfo

const agent = new Agent({ keepAlive: true })
const ask = () =>
  new Promise<void>((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", method: "POST", agent }, (response) =>
      response.resume().once("end", resolve),
    )
    asked.once("error", reject)
    asked.end("x".repeat(500))
  })
for (let n = 0; n < before; n++) await ask()
agent.destroy()
isReady = true
process.send!({ port })
process.once("disconnect", () => process.exit())
