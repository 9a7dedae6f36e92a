import { once } from "node:events"
import { connect, createServer, type Server, type Socket } from "node:net"
import { setImmediate } from "node:timers/promises"
import * as Doors from "@overdue/server/http/Doors"
import { afterEach, describe, expect, it } from "vitest"

const opened: Server[] = []
const open = async (port: number, make: () => Server = () => createServer()): Promise<readonly Server[]> => {
  const doors = await Doors.open(make, { host: "127.0.0.1", port })
  opened.push(...doors)
  return doors
}

afterEach(() => {
  for (const server of opened.splice(0)) server.close()
})

/** Systems that share ports out. */
const isShared = process.platform === "linux"

describe("the doors of a server", () => {
  it("are many on one port, where the system shares it out", async () => {
    const doors = await open(0)
    expect(doors).toHaveLength(isShared ? Doors.most : 1)
    expect(new Set(doors.map(Doors.portOf)).size).toBe(1)
  })

  it("are not opened on a port that somebody else has, with many doors or with one", async () => {
    const [door] = await open(0)
    const port = Doors.portOf(door!)
    await expect(open(port)).rejects.toThrow("EADDRINUSE")
    const alone = createServer()
    opened.push(alone)
    alone.listen(0, "127.0.0.1")
    await once(alone, "listening")
    await expect(open(Doors.portOf(alone))).rejects.toThrow("EADDRINUSE")
  })

  it("are opened again on a port that was left", async () => {
    const doors = await open(0)
    const port = Doors.portOf(doors[0]!)
    await Promise.all(doors.map((door) => new Promise((resolve) => door.close(resolve))))
    expect(Doors.portOf((await open(port))[0]!)).toBe(port)
  })

  it("let in a crowd in a few turns of the event loop, not one of them in each turn", async () => {
    const crowd = 320
    const entered: Socket[] = []
    const [door] = await open(0, () => createServer((socket) => entered.push(socket.destroy())))
    const port = Doors.portOf(door!)
    const sockets = Array.from({ length: crowd }, () =>
      connect(port, "127.0.0.1").on("error", () => undefined),
    )
    await Promise.race(sockets.map((socket) => once(socket, "connect")))
    let turns = 0
    while (entered.length < crowd) {
      await setImmediate()
      turns++
    }
    if (isShared) expect(turns).toBeLessThan(crowd / 2)
  })
})
