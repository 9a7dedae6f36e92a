/**
 * A server of Healthchecks on loopback: our dialect, which the recorded conversations hold to be its equal, with nothing
 * but the endpoints, parameters, fields and answers that Healthchecks has.
 */
import { once } from "node:events"
import { createServer, type IncomingMessage, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { buffer } from "node:stream/consumers"
import { ReplayedServer, type Received } from "../truth/ReplayedServer.ts"
import * as Endpoints from "./HealthchecksEndpoints.ts"

/** An answer in place of its own. */
export interface Instead {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

/** What its clock shows, which stands still. */
export const now = Date.parse("2026-04-04T10:00:00Z")

const root = "https://hc.example.org"

/** A page of its framework. */
const page: Received = {
  status: 404,
  headers: { "content-type": "text/html; charset=utf-8" },
  text: "<!DOCTYPE html>\n<html><head><title>Not Found</title></head><body><h1>Not Found</h1></body></html>",
}

/** What our dialect reads and it does not. */
const otherSchedule: Received = {
  status: 400,
  headers: { "content-type": "application/json" },
  text: '{"error": "json validation error: schedule is not a valid cron or OnCalendar expression"}',
}

/** Headers of answers that Healthchecks has as well. */
const known = ["content-type", "ping-body-limit", "access-control-allow-origin", "cache-control", "location"]

export class HealthchecksServer implements AsyncDisposable {
  readonly url: string
  /** The requests, such as `GET /api/v3/checks/?tag=a`. */
  readonly asked: string[] = []
  /** Answers to the next requests, in their place. */
  readonly instead: Instead[] = []
  readonly #server: Server
  readonly #inside: ReplayedServer

  private constructor(server: Server, inside: ReplayedServer) {
    this.#server = server
    this.#inside = inside
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // safe because it listens on TCP
    server.on("request", async (request, response) => {
      const body = await buffer(request)
      this.asked.push(`${request.method} ${request.url}`)
      const instead = this.instead.shift()
      const { status, headers, text } =
        instead === undefined ? await this.#answer(request, body) : { headers: {}, ...instead, text: "busy" }
      response.writeHead(status, headers).end(text)
    })
  }

  static async open(): Promise<HealthchecksServer> {
    const inside = await ReplayedServer.open({ store: "memory", start: now })
    const server = createServer()
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    return new HealthchecksServer(server, inside)
  }

  /** Adds an integration, as somebody does on its pages. */
  async addChannel(kind: string, name: string): Promise<string> {
    return (await this.#inside.addChannel({ kind, name, value: {} })).id
  }

  /** A call of its management API, of which only the document of the answer is of interest. */
  async api(method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
    const headers = { "X-Api-Key": "X".repeat(32) }
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    return (await (await fetch(this.url + path, init)).json()) as Record<string, unknown> // safe because it is JSON
  }

  async #answer({ method = "", url = "", headers }: IncomingMessage, body: Buffer): Promise<Received> {
    const { pathname, searchParams } = new URL(url, root)
    const endpoint = Endpoints.find(pathname)
    if (endpoint === undefined) return page
    if (!endpoint.methods.includes(method)) return { status: 405, headers: {}, text: "" }
    if (endpoint.isOfChecks && Endpoints.hasOtherSchedule(body)) return otherSchedule
    const query = new URLSearchParams([...searchParams].filter(([name]) => endpoint.query.includes(name)))
    const told = Object.entries(headers).filter(
      ([name, value]) => typeof value === "string" && name !== "idempotency-key" && name !== "host",
    )
    const answer = await this.#inside.send({
      method,
      path: pathname + (query.size === 0 ? "" : `?${query}`),
      headers: Object.fromEntries(told) as Record<string, string>, // safe because others are left out
      body: body.length === 0 ? undefined : endpoint.isOfChecks ? Endpoints.understood(body) : body,
    })
    if (answer.status === 404 && endpoint.isOfChecks) return page
    return {
      status: answer.status,
      headers: Object.fromEntries(known.flatMap((name) => pairOf(name, answer.headers[name]))),
      text: answer.status === 403 ? "" : answer.text.replaceAll(root, this.url),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await this.#inside[Symbol.asyncDispose]()
  }
}

const pairOf = (name: string, value: string | undefined): readonly (readonly [string, string])[] =>
  value === undefined ? [] : [[name, value]]
