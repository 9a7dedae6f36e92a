/** What probes ask in a benchmark: answers everything, and tells its parent when each path was asked for. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

const arrivals = new Map<string, number[]>()

const server = createServer((request, response) => {
  const path = request.url ?? ""
  const before = arrivals.get(path)
  if (before === undefined) arrivals.set(path, [performance.now()])
  else before.push(performance.now())
  response.end("fine")
})

server.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port)) // safe because it listens on TCP

// Asked for what has arrived since it was last asked.
process.on("message", () => {
  process.send!([...arrivals.values()])
  arrivals.clear()
})
process.on("disconnect", () => process.exit(0))
