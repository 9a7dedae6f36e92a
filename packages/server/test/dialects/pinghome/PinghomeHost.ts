/** A server to which tests speak as clients of Pinghome do. */
import { HttpHost, root, type Answer, type Document, type Given } from "../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../test/kit/Keys.ts"

export { HttpHost, root, keys }

/** Where the dialect is reached. */
const mount = "/ph"

/** Types of metrics. */
export const metricTypes = [
  "cpu-total-usage",
  "memory-usage",
  "swap-usage",
  "system-load-unified",
  "disk-usage-unified",
  "disk-io-unified",
  "network-usage-unified",
  "processes-unified",
]

/** What a request has beyond its method and path; without a key it has the read-write one. */
interface Asked {
  readonly key?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export class PinghomeHost implements AsyncDisposable {
  readonly http: HttpHost

  private constructor(http: HttpHost) {
    this.http = http
  }

  static async open(given: Given = {}): Promise<PinghomeHost> {
    return new PinghomeHost(await HttpHost.open(given))
  }

  ask(
    method: string,
    path: string,
    { key = keys.readWrite, body, headers = {} }: Asked = {},
  ): Promise<Answer> {
    return this.http.ask(method, mount + path, { bearer: key, body, headers })
  }

  /** Asks, and resolves to the status and the document. */
  async tell(method: string, path: string, asked: Asked = {}): Promise<readonly [number, Document]> {
    const answer = await this.ask(method, path, asked)
    return [answer.status, answer.json()]
  }

  /** Creates a service, and resolves to its id. */
  async service(name = "Customer API", team?: string): Promise<string> {
    const body = { name, ...(team !== undefined && { team_id: team }) }
    return (await this.ask("POST", "/resource-cmd/v1/service", { body })).json().id
  }

  /** Creates a heartbeat, and resolves to its id. */
  async heartbeat(service: string, given: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const body = { service_id: service, name: "Backup", ...given }
    const [status, { id }] = await this.tell("POST", "/resource-cmd/v1/heartbeat", { body })
    if (status !== 201) throw new Error(`the heartbeat was answered with ${status}`)
    return id
  }

  async shown(id: string): Promise<Document> {
    return (await this.ask("GET", `/resource-query/v1/heartbeat/${id}`)).json()
  }

  update(id: string, body: unknown): Promise<Answer> {
    return this.ask("PUT", `/resource-cmd/v1/heartbeat/${id}`, { body })
  }

  /** Reports an event. */
  event(id: string, query = ""): Promise<Answer> {
    return this.ask("GET", `/data-gateway/v1/heartbeat/${id}${query}`, { key: "" })
  }

  async events(id: string, query = ""): Promise<readonly Document[]> {
    return (await this.ask("GET", `/statistic-query/v1/heartbeat/${id}/events${query}`)).json().data
  }

  async statistic(id: string, query = ""): Promise<readonly Document[]> {
    return (await this.ask("GET", `/statistic-query/v1/heartbeat/${id}/statistic${query}`)).json().data
  }

  /** Creates a server monitor of all metrics, and resolves to its id. */
  async server(service: string, given: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const body = { service_id: service, name: "web-1", metric_types_basic: metricTypes, ...given }
    const [status, { id }] = await this.tell("POST", "/resource-cmd/v1/server-resource", { body })
    if (status !== 201) throw new Error(`the server was answered with ${status}`)
    return id
  }

  /** Reports metrics of a server, by their types. */
  report(id: string, values: Readonly<Record<string, unknown>>, received_at?: string): Promise<Answer> {
    const metrics = Object.entries(values).map(([type, value]) => ({ type, value }))
    const body = { metrics, ...(received_at !== undefined && { received_at }) }
    return this.ask("POST", `/data-gateway/v1/server-resource/${id}/metrics`, { body })
  }

  async metrics(id: string, query: string): Promise<readonly Document[]> {
    return (await this.ask("GET", `/statistic-query/v1/server-resource/${id}/metrics?${query}`)).json().data
  }

  advance(seconds: number): Promise<void> {
    return this.http.advance(seconds * 1000)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.http[Symbol.asyncDispose]()
  }
}
