/** The least that a Node server can do: answer `OK`. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "text/plain", "content-length": 2 })
  response.end("OK")
})
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
process.on("SIGTERM", () => {
  server.closeAllConnections()
  server.close()
})
