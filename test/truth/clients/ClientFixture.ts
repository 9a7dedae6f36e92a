/** A running server and what clients are about. */
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"

export const domain = "ping.example.org"

export interface Ping {
  readonly type: string
  readonly n: number
  readonly method: string
  readonly ua: string
  readonly scheme: string
  readonly rid: string | null
  readonly body_url: string | null
  readonly duration?: number
}

export class ClientFixture implements AsyncDisposable {
  readonly overdue: OverdueServer
  readonly #folder: Folder.Folder

  private constructor(overdue: OverdueServer, folder: Folder.Folder) {
    this.overdue = overdue
    this.#folder = folder
  }

  static async open(...args: readonly string[]): Promise<ClientFixture> {
    const folder = Folder.make()
    return new ClientFixture(await OverdueServer.start(folder.path, { args }), folder)
  }

  /** A folder that goes with the server. */
  get folder(): string {
    return this.#folder.path
  }

  async check(fields: object = {}): Promise<{ readonly id: string; readonly url: string }> {
    const { json } = await this.overdue.api("POST", "/api/v3/checks/", { name: "job", ...fields })
    return { id: String(json["uuid"]), url: String(json["ping_url"]) }
  }

  async status(id: string): Promise<unknown> {
    return (await this.overdue.api("GET", `/api/v3/checks/${id}`)).json["status"]
  }

  /** What was logged, oldest first. */
  async pings(id: string): Promise<readonly Ping[]> {
    const { json } = await this.overdue.api("GET", `/api/v3/checks/${id}/pings/`)
    return (json["pings"] as readonly Ping[]).toReversed()
  }

  async body(ping: Ping): Promise<string> {
    return String((await this.overdue.api("GET", new URL(ping.body_url!).pathname)).json["text"])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.overdue.stop()
    this.#folder[Symbol.dispose]()
  }
}
