/** A fresh server without a socket, on a clock that only the scenario moves, with the fixtures of the recordings. */
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Channel from "@overdue/core/Channel"
import type { Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as CallbackNotifier from "@overdue/engine/CallbackNotifier"
import * as Projects from "@overdue/engine/commands/Projects"
import { Ids } from "@overdue/engine/Ids"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Engine from "@overdue/engine/Engine"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Keys from "@overdue/server/access/Keys"
import { isHeadOnly, isStream, type Inbound, type Outbound, type Serve } from "@overdue/server/http/Http"
import * as Server from "@overdue/server/Server"
import { Site } from "@overdue/server/Site"
import * as EmailPing from "@overdue/server/mail/EmailPing"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { VirtualClock } from "./VirtualClock.ts"

/** Where no disk has to be waited for, if there is such a place: nobody needs these files after a crash. */
const scratch = existsSync("/dev/shm") ? "/dev/shm" : tmpdir()

export const stores = ["memory", "sqlite", "postgres"] as const
export type StoreName = (typeof stores)[number]

export interface WorldOptions {
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
  readonly body: string | Uint8Array
}

export const keys = {
  readWrite: "X".repeat(Keys.length),
  readOnly: "R".repeat(Keys.length),
  other: "Y".repeat(Keys.length),
  ping: "pingkey0123456789abcd",
} as const

const site: Context.Service.Shape<typeof Site> = {
  root: "https://hc.example.org",
  pingEmailDomain: "ping.example.org",
  secret: "conformance",
}

export class World implements AsyncDisposable {
  readonly project: Project
  readonly #clock: VirtualClock
  readonly #runtime: ManagedRuntime.ManagedRuntime<Engine.Services, Store.StoreError>
  readonly #serve: Serve
  readonly #folder: string | undefined

  private constructor(made: {
    readonly project: Project
    readonly clock: VirtualClock
    readonly runtime: ManagedRuntime.ManagedRuntime<Engine.Services, Store.StoreError>
    readonly serve: Serve
    readonly folder: string | undefined
  }) {
    this.project = made.project
    this.#clock = made.clock
    this.#runtime = made.runtime
    this.#serve = made.serve
    this.#folder = made.folder
  }

  static async make(options: WorldOptions): Promise<World> {
    const clock = new VirtualClock(options.start)
    const folder = options.store === "memory" ? undefined : mkdtempSync(join(scratch, "overdue-conformance-"))
    const still = Engine.still({
      store:
        folder === undefined ? MemoryStore.layer : Sqlite.layer({ filename: join(folder, "overdue.db") }),
      notifiers: CallbackNotifier.none,
      settings: { blindAfter: undefined },
    })
    const runtime = ManagedRuntime.make(
      still.pipe(Layer.provideMerge(Layer.succeed(Clock.Clock, clock)), Layer.provideMerge(Logger.layer([]))),
    )
    const project = await runtime.runPromise(fixtures(options.checkLimit))
    const serve = Server.serve(Context.add(await runtime.context(), Site, site))
    return new World({ project, clock, runtime, serve, folder })
  }

  advance(seconds: number): void {
    this.#clock.advance(seconds * 1000)
  }

  /** Processes the deadlines that have passed. */
  sweep(): Promise<number> {
    return this.#runtime.runPromise(Sweeper.sweep(this.#clock.currentTimeMillisUnsafe()))
  }

  send(sent: Sent): Promise<Received> {
    return new Promise((resolve) => {
      this.#serve(inbound(sent), (outbound) => resolve(received(sent, outbound)))
    })
  }

  /** Receives a message as from a mail server, after its end. */
  async mail(message: EmailPing.Message): Promise<void> {
    await this.#runtime.runPromise(EmailPing.receive(message))
  }

  /** Adds a channel of any kind to the project, whether or not something can send to it. */
  addChannel(given: Pick<Channel.Channel, "kind" | "name" | "value">): Promise<Channel.Channel> {
    const create = Effect.gen({ self: this }, function* () {
      const store = yield* Store.Store
      const ids = yield* Ids
      const createdAt = yield* Clock.currentTimeMillis
      const channel = Channel.make({ ...given, id: ids.next(), project: this.project.id, createdAt })
      yield* store.createChannel(channel)
      return channel
    })
    return this.#runtime.runPromise(create)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runtime.dispose()
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true })
  }
}

const fixtures = Effect.fnUntraced(function* (checkLimit: number | undefined) {
  const stored = (key: string, access: "read-write" | "read-only") => Keys.stored(site.secret, key, access)
  const project = yield* Projects.create({
    name: "P",
    pingKey: keys.ping,
    keys: [stored(keys.readWrite, "read-write"), stored(keys.readOnly, "read-only")],
    ...(checkLimit === undefined ? {} : { checkLimit }),
  })
  yield* Projects.create({ name: "other", keys: [stored(keys.other, "read-write")] })
  return project
})

const received = ({ method }: Sent, { status, headers, body }: Outbound): Received => {
  if (isStream(body)) throw new Error("no conversation has a streamed answer")
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: isHeadOnly(method, status) ? "" : body,
  }
}

/** Headers that a request has unless it says otherwise. */
const usual: Readonly<Record<string, string>> = { "user-agent": "conformance/1" }

const inbound = ({ method, path, headers, body }: Sent): Inbound => {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const mark = path.indexOf("?")
  return {
    method,
    host: "hc.example.org",
    path: mark < 0 ? path : path.slice(0, mark),
    query: mark < 0 ? "" : path.slice(mark + 1),
    header: (name) => lower[name] ?? usual[name],
    hasBody: body !== undefined,
    body: (limit) =>
      Promise.resolve({
        bytes: (body ?? new Uint8Array()).subarray(0, limit),
        isCut: (body?.length ?? 0) > limit,
      }),
    remoteAddress: "192.0.2.7",
    scheme: "http",
  }
}
