/** A way to a server that can be cut, blocked and stopped, on a free port of loopback. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net"

/** Where the server is. */
interface Host {
  readonly host: string
  readonly port: number
}

/** What the way does with connections. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** Resolves when somebody next tries to connect. */
  readonly tried: () => Promise<void>
  /** How often a client has sent something after the server had: each is a trip there and back. */
  readonly trips: () => number
  /** Whether new connections are taken; those that are open are cut when not. */
  isOpen: boolean
  /** Cuts the connection over which the server next sends bytes that contain these, without passing them on. */
  cutBeforeAnswer: (bytes: string) => Promise<void>
  /** Cuts the connection over which a client next sends bytes that contain these, without passing them on. */
  cutBeforeRequest: (bytes: string) => Promise<void>
  /** Holds back all that servers send from now on, or passes it on again. */
  isSilent: boolean
}

/** An order that waits for its bytes. */
interface Order {
  readonly bytes: string
  readonly done: () => void
}

/** Opens a way to a server. */
export const open = async (target: Host): Promise<Proxy> => {
  const pairs = new Set<readonly [Socket, Socket]>()
  let answers: Order | undefined
  let requests: Order | undefined
  let isOpen = true
  let isSilent = false
  const trials: (() => void)[] = []
  let trips = 0
  const held: (() => void)[] = []

  const cut = (pair: readonly [Socket, Socket]): void => {
    pairs.delete(pair)
    // As a failing machine does: without a word.
    for (const socket of pair) socket.resetAndDestroy()
  }

  const server = createServer((client) => {
    client.on("error", () => undefined)
    for (const tried of trials.splice(0)) tried()
    if (!isOpen) {
      client.resetAndDestroy()
      return
    }
    const upstream = connect(target.port, target.host)
    upstream.on("error", () => undefined)
    const pair = [client, upstream] as const
    pairs.add(pair)
    let isAnswered = true
    client.on("data", (chunk: Buffer) => {
      if (isAnswered) trips += 1
      isAnswered = false
      if (requests !== undefined && chunk.includes(requests.bytes)) {
        const { done } = requests
        requests = undefined
        cut(pair)
        done()
        return
      }
      upstream.write(chunk)
    })
    upstream.on("data", (chunk: Buffer) => {
      isAnswered = true
      if (answers !== undefined && chunk.includes(answers.bytes)) {
        const { done } = answers
        answers = undefined
        cut(pair)
        done()
        return
      }
      if (isSilent) held.push(() => client.write(chunk))
      else client.write(chunk)
    })
    client.on("close", () => {
      pairs.delete(pair)
      upstream.destroy()
    })
    upstream.on("close", () => {
      pairs.delete(pair)
      client.destroy()
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve)
  })
  return {
    port: (server.address() as AddressInfo).port, // safe because a listening TCP server has an address record
    trips: () => trips,
    tried: () =>
      new Promise((resolve) => {
        trials.push(resolve)
      }),
    get isOpen() {
      return isOpen
    },
    set isOpen(value) {
      isOpen = value
      if (!value) for (const pair of pairs) cut(pair)
    },
    get isSilent() {
      return isSilent
    },
    set isSilent(value) {
      isSilent = value
      if (!value) for (const pass of held.splice(0)) pass()
    },
    cutBeforeAnswer: (bytes) =>
      new Promise((done) => {
        answers = { bytes, done }
      }),
    cutBeforeRequest: (bytes) =>
      new Promise((done) => {
        requests = { bytes, done }
      }),
    async [Symbol.asyncDispose]() {
      for (const pair of pairs) cut(pair)
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
