import { once } from "node:events"
import { connect, createServer, type Server, type Socket } from "node:net"
import { text } from "node:stream/consumers"
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

  const loopback = ["127.0.0.1", "127.0.0.2"]
  // Elsewhere a machine has only one address of its own by default.
  const named = describe.skipIf(process.platform !== "linux")

  named("of a name", () => {
    const openNamed = async (port: number, all: readonly string[] = loopback) => {
      const missed: string[] = []
      const doors = await Doors.open(() => createServer((socket) => socket.end("here")), {
        host: "x.test",
        port,
        addresses: async () => all,
        onMissed: (address) => missed.push(address),
      })
      opened.push(...doors)
      return { port: Doors.portOf(doors[0]), missed }
    }
    const said = async (port: number, host: string): Promise<string> => text(connect(port, host))

    it("are open on one port of all addresses that it stands for", async () => {
      const { port, missed } = await openNamed(0)
      for (const address of loopback) expect(await said(port, address)).toBe("here")
      expect(missed).toEqual([])
    })

    it.each(loopback)("stay shut when somebody else has the port on %s", async (address) => {
      const alone = createServer()
      opened.push(alone)
      alone.listen(0, address)
      await once(alone, "listening")
      const port = Doors.portOf(alone)
      await expect(openNamed(port)).rejects.toMatchObject({ code: "EADDRINUSE", address })
      // Nothing is left open elsewhere.
      for (const other of loopback.filter((one) => one !== address))
        await expect(said(port, other)).rejects.toThrow("ECONNREFUSED")
    })

    it("are open on another port when the one that was picked is not free on all addresses", async () => {
      // Of each port that the system picks, somebody has it on the other address for a while.
      const [first, second] = loopback as [string, string]
      let taken = 0
      const make = (): Server => {
        const server = createServer((socket) => socket.end("here"))
        const listen = server.listen.bind(server)
        const refuse = (options: { readonly host: string }, done: () => void): Server => {
          if (options.host !== second || taken === 3) return listen(options, done)
          taken++
          const error = Object.assign(new Error("in use"), { code: "EADDRINUSE" })
          process.nextTick(() => server.emit("error", error))
          return server
        }
        return Object.assign(server, { listen: refuse })
      }
      const doors = await Doors.open(make, { host: "x.test", port: 0, addresses: async () => loopback })
      opened.push(...doors)
      const port = Doors.portOf(doors[0])
      for (const address of [first, second]) expect(await said(port, address)).toBe("here")
      expect(taken).toBe(3)
    })

    it("are open on those that are this machine's, and the others are told", async () => {
      const { port, missed } = await openNamed(0, ["203.0.113.1", "127.0.0.1"])
      expect(await said(port, "127.0.0.1")).toBe("here")
      expect(missed).toEqual(["203.0.113.1"])
      await expect(openNamed(0, ["203.0.113.1", "203.0.113.2"])).rejects.toMatchObject({
        code: "EADDRNOTAVAIL",
      })
    })
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
