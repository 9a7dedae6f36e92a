/** A fresh server without a socket, on a clock that only the scenario moves, with the fixtures of the recordings. */
import { existsSync } from "node:fs"
import { tmpdir } from "node:os"
import * as Channel from "@overdue/core/Channel"
import * as Store from "@overdue/core/Store"
import { second, type Instant } from "@overdue/core/Time"
import { Ids } from "@overdue/engine/Ids"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Rounds from "@overdue/engine/commands/Rounds"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Asker from "@overdue/probes/Asker"
import * as Asking from "@overdue/probes/Asking"
import { isHeadOnly } from "@overdue/server/http/Http"
import * as EmailPing from "@overdue/server/mail/EmailPing"
import * as Postgres from "@overdue/storage/Postgres"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Layer } from "effect/Layer"
import * as Folder from "../kit/Folder.ts"
import { HttpHost } from "../kit/HttpHost.ts"
import * as Databases from "../kit/postgres/Databases.ts"
import type { StoreName } from "../kit/StoreName.ts"

/** Where no disk has to be waited for, if there is such a place: nobody needs these files after a crash. */
const scratch = existsSync("/dev/shm") ? "/dev/shm" : tmpdir()

export interface Options {
  readonly store: StoreName
  readonly start: Instant
  readonly checkLimit?: number | undefined
}

export interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
}

/** An answer as a client has it. */
export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

const site = {
  root: "https://hc.example.org",
  pingEmailDomain: "ping.example.org",
  secret: "conformance",
  mayAsk: () => true,
}

/** Headers that a request has unless it says otherwise. */
const usual: Readonly<Record<string, string>> = { "user-agent": "conformance/1" }

/** A store, and what is done with its place afterwards. */
interface Kept {
  readonly layer: Layer<Store.Store, Store.StoreError>
  readonly leave: () => void
}

let databases: Promise<Databases.Databases> | undefined
/** Schemas whose server has ended: to empty one takes a fifth of the time that it takes to make one. */
const left: string[] = []

/** Closes what servers have had in common: a server of PostgreSQL. */
export const close = async (): Promise<void> => {
  await (await databases)?.[Symbol.asyncDispose]()
}

const keep = async (store: StoreName): Promise<Kept> => {
  switch (store) {
    case "memory":
      return { layer: MemoryStore.layer, leave: () => {} }
    case "sqlite": {
      const folder = Folder.make("conformance", scratch)
      const layer = Sqlite.layer({ filename: folder.file("overdue.db") })
      return { layer, leave: () => folder[Symbol.dispose]() }
    }
    case "postgres": {
      databases ??= Databases.open()
      const { fresh } = await databases
      const used = left.pop()
      if (used !== undefined) await Databases.empty(used)
      const url = used ?? fresh()
      return { layer: Postgres.layer({ address: Databases.address(url) }), leave: () => void left.push(url) }
    }
  }
}

export class ReplayedServer implements AsyncDisposable {
  readonly #host: HttpHost
  readonly #leave: () => void

  private constructor(host: HttpHost, leave: () => void) {
    this.#host = host
    this.#leave = leave
  }

  static async open({ store, ...options }: Options): Promise<ReplayedServer> {
    const { layer, leave } = await keep(store)
    const host = await HttpHost.open({ ...options, site, store: layer, log: [] })
    return new ReplayedServer(host, leave)
  }

  async advance(seconds: number): Promise<void> {
    await this.#host.advance(seconds * second)
  }

  /** Processes the deadlines that have passed. */
  sweep(): Promise<number> {
    return this.#host.run(Effect.flatMap(Clock.currentTimeMillis, Sweeper.sweep))
  }

  /** Runs the prober once for a check. */
  probe(id: string): Promise<unknown> {
    const ask = Asking.by(Asker.make({ isAllowed: () => true }))
    return this.#host.run(
      Effect.flatMap(Checks.get(this.#host.project.id, id), (check) => Rounds.once(check, ask)),
    )
  }

  async send({ method, path, headers, body }: Sent): Promise<Received> {
    const asked = { key: "", headers: { ...usual, ...headers }, body }
    const answer = await this.#host.ask(method, path, asked)
    return { ...answer, text: isHeadOnly(method, answer.status) ? "" : answer.text }
  }

  /** Receives a message as from a mail server, after its end. */
  async mail(message: EmailPing.Message): Promise<void> {
    await this.#host.run(EmailPing.receive(message))
  }

  /** Adds a channel of any kind to the project, whether or not something can send to it. */
  addChannel(
    given: Pick<Channel.Channel, "kind" | "name" | "value">,
  ): Promise<{ readonly id: string; readonly seq: number | undefined }> {
    const project = this.#host.project.id
    const create = Effect.gen(function* () {
      const store = yield* Store.Store
      const ids = yield* Ids
      const createdAt = yield* Clock.currentTimeMillis
      const channel = Channel.make({ ...given, id: ids.next(), project, createdAt })
      yield* store.createChannel(channel)
      return { id: channel.id, seq: (yield* store.channelSerials(project)).get(channel.id) }
    })
    return this.#host.run(create)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]()
    this.#leave()
  }
}
