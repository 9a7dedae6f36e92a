/** HTTP as bytes on a socket, for requests that no well-behaved client can make. */
import { connect } from "node:net"

export interface Answer {
  /** 0 when the other end hung up without a word. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends bytes, and resolves with the last answer once the other end has hung up. */
export const exchange = (url: string, ...parts: readonly (string | Uint8Array)[]): Promise<Answer> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname, () => {
      for (const part of parts) socket.write(typeof part === "string" ? Buffer.from(part, "latin1") : part)
    })
    const heard: Buffer[] = []
    socket.on("data", (chunk: Buffer) => heard.push(chunk))
    // A server that has said no need not read on.
    socket.on("error", () => undefined)
    socket.on("close", () => resolve(parse(Buffer.concat(heard))))
  })

/** A request with a body of its length, after which the connection ends. */
export const request = (
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = "",
): readonly (string | Uint8Array)[] => {
  const all = {
    host: "127.0.0.1",
    connection: "close",
    ...(body.length === 0 ? {} : { "content-length": String(Buffer.byteLength(body)) }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return [`${line} HTTP/1.1\r\n${lines.join("")}\r\n`, typeof body === "string" ? Buffer.from(body) : body]
}

/** The last answer in what was heard. */
export const parse = (bytes: Buffer): Answer => {
  const last = bytes.subarray(Math.max(0, bytes.lastIndexOf("HTTP/1.1 ")))
  const end = last.indexOf("\r\n\r\n")
  const [statusLine = "", ...lines] = last.toString("latin1", 0, end < 0 ? last.length : end).split("\r\n")
  const headers = lines.map((line) => {
    const colon = line.indexOf(":")
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0),
    headers: Object.fromEntries(headers),
    body: end < 0 ? "" : last.toString("utf8", end + 4),
  }
}
