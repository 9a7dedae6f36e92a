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

/** What an uptime monitor is made of, unless something else is given. */
const website = { name: "Website", type: "http", url: "https://example.org", regions: ["eu-central-1"] }

/** The kinds of checks, as paths name them. */
export type Kind = "heartbeat" | "resource" | "server-resource"

type Fields = Readonly<Record<string, unknown>>

/** Returns a body as forms of web pages send it, and the header that says so. */
export const form = (fields: Readonly<Record<string, string>>) => ({
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: String(new URLSearchParams(fields)),
})

/** Returns the fields that an answer names as wrong. */
export const faults = (answer: { readonly errors?: readonly { readonly field: string }[] }) =>
  answer.errors?.map(({ field }) => field)

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
  heartbeat(service: string, given: Fields = {}): Promise<string> {
    return this.#create("heartbeat", { service_id: service, name: "Backup", ...given })
  }

  /** Asks to create an uptime monitor, by default of a website. */
  uptime(service: string, given: Fields = {}): Promise<readonly [number, Document]> {
    const target = given["host"] === undefined ? website : { ...website, url: undefined }
    const body = { service_id: service, ...target, ...given }
    return this.tell("POST", "/resource-cmd/v1/resource", { body })
  }

  /** Creates an uptime monitor, and resolves to its id. */
  async resource(service: string, given: Fields = {}): Promise<string> {
    return idOf(await this.uptime(service, given))
  }

  /** Creates a server monitor of all metrics, and resolves to its id. */
  server(service: string, given: Fields = {}): Promise<string> {
    return this.#create("server-resource", { service_id: service, name: "web-1", ...given })
  }

  async #create(kind: Kind, body: Fields): Promise<string> {
    return idOf(await this.tell("POST", `/resource-cmd/v1/${kind}`, { body }))
  }

  async shown(id: string, kind: Kind = "heartbeat", key: string = keys.readWrite): Promise<Document> {
    return (await this.ask("GET", `/resource-query/v1/${kind}/${id}`, { key })).json()
  }

  update(id: string, body: unknown, kind: Kind = "heartbeat"): Promise<Answer> {
    return this.ask("PUT", `/resource-cmd/v1/${kind}/${id}`, { body })
  }

  /** Returns the check as Healthchecks' API has it, with all that is beyond Healthchecks. */
  async own(id: string): Promise<Document> {
    return (await this.http.ask("GET", `/api/v3/checks/${id}?defaults=own`)).json()
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

const idOf = ([status, answer]: readonly [number, Document]): string => {
  if (status !== 201) throw new Error(`it was not created: ${status} ${JSON.stringify(answer)}`)
  return answer.id
}
