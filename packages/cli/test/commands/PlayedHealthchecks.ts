/** A Healthchecks that plays what one was recorded to answer, and may be old, slow, busy or somewhere else. */
import { readFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"

/** What it plays. */
export interface Played {
  readonly checks: readonly object[]
  readonly channels?: readonly object[]
  readonly badges?: object
  /** The newest version of its API. */
  readonly version?: 1 | 2 | 3
  /** Answers its first requests in its place. */
  readonly first?: readonly { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[]
}

export class PlayedHealthchecks implements AsyncDisposable {
  readonly url: string
  /** The paths that it was asked for. */
  readonly asked: string[]
  readonly #server: Server

  private constructor(server: Server, asked: string[]) {
    this.#server = server
    this.asked = asked
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // safe because it listens on TCP
  }

  static async open({
    checks,
    channels,
    badges,
    version = 3,
    first = [],
  }: Played): Promise<PlayedHealthchecks> {
    const asked: string[] = []
    const waiting = [...first]
    const lists: Readonly<Record<string, unknown>> = { checks, channels, badges }
    const server = createServer((request, response) => {
      asked.push(request.url ?? "")
      const instead = waiting.shift()
      if (instead !== undefined) return void response.writeHead(instead.status, instead.headers).end("busy")
      const [, asks, name = ""] = /^\/api\/v(\d)\/(\w+)\/(?:\?.*)?$/.exec(request.url ?? "") ?? []
      if (request.headers["x-api-key"] !== key)
        return void response.writeHead(401).end('{"error": "wrong api key"}')
      if (Number(asks) > version || lists[name] === undefined)
        return void response.writeHead(404).end("<h1>Not Found</h1>")
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ [name]: lists[name] }))
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    return new PlayedHealthchecks(server, asked)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }
}

/** The only key that it takes. */
export const key = "H".repeat(32)

/** Returns a UUID for a number. */
export const uuid = (n: number, kind = "0"): string =>
  `0a1b2c3d-000${kind}-4000-8000-${String(n).padStart(12, "0")}`

const file = new URL("../../../../test/truth/recordings/healthchecks.transcripts.jsonl", import.meta.url)

interface Step {
  readonly request?: { readonly path: string }
  readonly expect?: { readonly json?: { readonly ping_url?: string } }
}

/** Every kind of check that was recorded, once, each with ids of its own. */
export const recorded = (): readonly Readonly<Record<string, unknown>>[] => {
  const found = new Map<string, object>()
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line === "") continue
    const { steps }: { readonly steps: readonly Step[] } = JSON.parse(line)
    for (const { request, expect } of steps) {
      const document = expect?.json
      if (request === undefined || document?.ping_url === undefined || !request.path.startsWith("/api/v3/"))
        continue
      const { n_pings, last_ping, next_ping, last_duration, ...rest } = { ...document } as Record<
        string,
        unknown
      > // safe because it is an object
      for (const name of Object.keys(rest)) if (/url$|^uuid$|^channels$/.test(name)) delete rest[name]
      if (JSON.stringify(rest).includes("<") || JSON.stringify(rest).includes("{{")) continue
      found.set(JSON.stringify(rest), { n_pings, last_ping, next_ping, last_duration, ...rest })
    }
  }
  return [...found.values()].map((document, n) => ({
    ...document,
    badge_url: `https://hc.example.org/b/2/${uuid(n, "b")}.svg`,
    uuid: uuid(n),
    ping_url: `https://hc.example.org/ping/${uuid(n)}`,
    update_url: `https://hc.example.org/api/v3/checks/${uuid(n)}`,
    channels: "",
  }))
}
