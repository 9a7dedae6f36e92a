/** A real server: `overdue serve` in a process of its own, over a database in a folder or elsewhere. */
import { join } from "node:path"
import { keys } from "./Keys.ts"
import * as Overdue from "./Overdue.ts"

/** What a server is started with, besides the keys. */
export interface Options {
  /** By default `overdue.db` in its folder. */
  readonly database?: string
  readonly args?: readonly string[]
  readonly environment?: Overdue.Environment
  /** Whether its channels may reach this machine; by default they may. */
  readonly allowPrivateTargets?: boolean
}

export class OverdueServer implements AsyncDisposable {
  readonly url: string
  readonly #running: Overdue.Running

  private constructor(url: string, running: Overdue.Running) {
    this.url = url
    this.#running = running
  }

  /** Starts a server in a folder, and waits for its first line; fails with what it says instead. */
  static async start(
    folder: string,
    { args = [], environment = {}, allowPrivateTargets = true, database }: Options = {},
  ): Promise<OverdueServer> {
    const allowed = allowPrivateTargets ? ["--allow-private-targets"] : []
    const place = database ?? `sqlite:${join(folder, "overdue.db")}`
    const running = Overdue.at(folder, {
      OVERDUE_API_KEY: keys.readWrite,
      OVERDUE_API_KEY_READONLY: keys.readOnly,
      OVERDUE_PING_KEY: keys.ping,
      ...environment,
    }).start(["serve", "--port", "0", "--database", place, ...allowed, ...args])
    const [, url = ""] = await running.printed(/^overdue is listening on (http:\/\/\S+)\n/)
    return new OverdueServer(url, running)
  }

  get child(): Overdue.Running["child"] {
    return this.#running.child
  }

  /** What it has printed so far. */
  get output(): Overdue.Output {
    return this.#running.output
  }

  /** Resolves once the process has ended. */
  get ended(): Promise<Overdue.Ended> {
    return this.#running.ended
  }

  /** Resolves with the first match in what it has printed on stdout and will print; fails when it ends without. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#running.printed(pattern)
  }

  /** A call of the management API; an answer that is no JSON object is its `text`. */
  async api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly json: Readonly<Record<string, unknown>> }> {
    const response = await fetch(this.url + path, {
      method,
      headers: { "X-Api-Key": keys.readWrite },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, json: text.startsWith("{") ? JSON.parse(text) : { text } }
  }

  /** Sends a signal and resolves once the process has ended. */
  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Overdue.Ended> {
    this.child.kill(signal)
    return this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL")
  }
}
