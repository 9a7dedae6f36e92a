/** A client of 66uptime, at a server of its own. */
import * as Channel from "@overdue/core/Channel"
import * as Store from "@overdue/core/Store"
import { Ids } from "@overdue/engine/Ids"
import * as Effect from "effect/Effect"
import { HttpHost, start, type Answer, type Given } from "../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../test/kit/Keys.ts"

/** Fields as pairs, because forms repeat names. */
type Pairs = readonly (readonly [string, string])[]

/** Returns a request's body and its type: urlencoded. */
export const urlencoded = (...pairs: Pairs) => ({
  type: "application/x-www-form-urlencoded",
  body: new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString(),
})

/** Returns the same in parts, as curl sends `--form`. */
export const multipart = (...pairs: Pairs) => ({
  type: "multipart/form-data; boundary=limit",
  body: `${pairs
    .map(([name, value]) => `--limit\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join("")}--limit--\r\n`,
})

/** Returns the same as JSON. */
export const json = (body: unknown) => ({ type: "application/json", body })

type Body = ReturnType<typeof json>

export class Client implements AsyncDisposable {
  readonly server: HttpHost

  private constructor(server: HttpHost) {
    this.server = server
  }

  static async open(given: Given = {}): Promise<Client> {
    return new Client(await HttpHost.open(given))
  }

  ask(method: string, path: string, sent?: Body, key: string = keys.readWrite): Promise<Answer> {
    const headers = sent === undefined ? {} : { "content-type": sent.type }
    return this.server.ask(method, `/u66${path}`, { bearer: key, headers, body: sent?.body })
  }

  /** Creates a heartbeat of a minute and ten seconds, and resolves to its id. */
  async create(fields: Readonly<Record<string, unknown>> = {}): Promise<number> {
    const usual = {
      name: "job",
      run_interval: 1,
      run_interval_type: "minutes",
      run_interval_grace: 10,
      run_interval_grace_type: "seconds",
    }
    const answer = await this.ask("POST", "/api/heartbeats", json({ ...usual, ...fields }))
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.json().data.id
  }

  /** Changes a heartbeat, and resolves to the status. */
  async change(id: number, fields: Readonly<Record<string, unknown>>): Promise<number> {
    return (await this.ask("POST", `/api/heartbeats/${id}`, json(fields))).status
  }

  async get(id: number, key: string = keys.readWrite) {
    return (await this.ask("GET", `/api/heartbeats/${id}`, undefined, key)).json().data
  }

  /** Resolves to the names of a list, in order. */
  async names(query: string): Promise<readonly string[]> {
    const { data } = (await this.ask("GET", `/api/heartbeats/?${query}`)).json()
    return data.map(({ name }: { readonly name: string }) => name)
  }

  async ping(id: number): Promise<void> {
    const { code } = await this.get(id)
    const { status } = await this.ask("GET", `/webhook-heartbeat/${code}`, undefined, "")
    if (status !== 200) throw new Error(`a ping was answered with ${status}`)
  }

  /** Adds a channel, whether or not something can send to it, and resolves to its number. */
  channel(kind: string, value: unknown, project = this.server.project.id): Promise<number> {
    return this.server.run(
      Effect.gen(function* () {
        const store = yield* Store.Store
        const id = (yield* Ids).next()
        yield* store.createChannel(Channel.make({ id, project, kind, name: "", value, createdAt: start }))
        return (yield* store.channelSerials(project)).get(id)!
      }),
    )
  }

  /** Asks the API of Healthchecks. */
  healthchecks(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.server.ask(method, `/api/v3${path}`, { body })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]()
  }
}
