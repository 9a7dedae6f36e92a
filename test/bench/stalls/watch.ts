/** Loaded into a server before it starts: tells over HTTP for how long its event loop stood still. */
import { writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { monitorEventLoopDelay } from "node:perf_hooks"

const told = process.env["OVERDUE_BENCH_WATCH"]
if (told !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  // Milliseconds since it was asked last.
  const server = createServer((_, response) => {
    const longest = delay.max / 1e6
    delay.reset()
    response.end(String(longest))
  })
  server.listen(0, "127.0.0.1", () => {
    writeFileSync(told, String((server.address() as AddressInfo).port)) // safe because it listens on TCP
  })
  server.unref()
}
