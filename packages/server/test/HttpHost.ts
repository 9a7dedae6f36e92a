/** A server over an engine in memory, without a socket, whose clock stands still until it is moved. */
import type { Alert } from "@overdue/core/Alert"
import type { Project } from "@overdue/core/Project"
import type { Store, StoreError } from "@overdue/core/Store"
import * as CallbackNotifier from "@overdue/engine/CallbackNotifier"
import * as Projects from "@overdue/engine/commands/Projects"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Engine from "@overdue/engine/Engine"
import * as Keys from "@overdue/server/access/Keys"
import { isStream, type Inbound, type Outbound, type Serve } from "@overdue/server/http/Http"
import * as Server from "@overdue/server/Server"
import { Site } from "@overdue/server/Site"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as TestClock from "effect/testing/TestClock"

export const keys = { readWrite: "X".repeat(32), readOnly: "R".repeat(32), other: "Y".repeat(32) } as const

export const pingKey = "pingkey0123456789abcd"

export const root = "https://monitor.example.org"

export const start = Date.UTC(2026, 5, 15, 12, 30)

export const site = { root, pingEmailDomain: "example.org", secret: "secret", metricsKey: "metrics" }

export interface Given extends Server.Options {
  /** Of the project whose keys are known. */
  readonly checkLimit?: number
  readonly store?: Layer.Layer<Store, StoreError>
  /** Takes every line that is logged, with its cause; without it they are printed. */
  readonly log?: string[]
}

const logger = (log: string[] | undefined): Layer.Layer<never> =>
  log === undefined
    ? Layer.empty
    : Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void log.push(line))])

/** What a request may say; without a key it has the read-write one. */
export interface Asked {
  readonly key?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** A text or bytes as they are; everything else as JSON. */
  readonly body?: unknown
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The document; fails when there is none. */
  readonly json: () => Document
}

/** A JSON document, whose shape is what a test is about. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Document = any

export class House implements AsyncDisposable {
  readonly project: Project
  readonly metricsKey = site.metricsKey
  /** What channels of the kind `callback` were told. */
  readonly alerts: readonly Alert[]
  /** Why they fail from now on. */
  fail: string | undefined
  readonly #runtime: ManagedRuntime.ManagedRuntime<Engine.Services, StoreError>
  readonly #serve: Serve

  private constructor(
    project: Project,
    alerts: readonly Alert[],
    runtime: ManagedRuntime.ManagedRuntime<Engine.Services, StoreError>,
    serve: Serve,
  ) {
    this.project = project
    this.alerts = alerts
    this.#runtime = runtime
    this.#serve = serve
  }

  static async open(given: Given = {}): Promise<House> {
    const alerts: Alert[] = []
    const take = (alert: Alert): void => {
      if (house.fail !== undefined) throw new Error(house.fail)
      alerts.push(alert)
    }
    const runtime = ManagedRuntime.make(
      Engine.still({
        store: given.store ?? MemoryStore.layer,
        notifiers: CallbackNotifier.layer(take, CallbackNotifier.none),
        settings: { blindAfter: undefined },
      }).pipe(Layer.provideMerge(TestClock.layer()), Layer.provideMerge(logger(given.log))),
    )
    await runtime.runPromise(TestClock.setTime(start))
    const project = await runtime.runPromise(projects(given))
    const serve = Server.serve(Context.add(await runtime.context(), Site, site), given)
    const house = new House(project, alerts, runtime, serve)
    return house
  }

  ask(method: string, target: string, asked: Asked = {}): Promise<Answer> {
    return new Promise((resolve) => {
      this.#serve(this.inbound(method, target, asked), (outbound) => resolve(answerOf(outbound)))
    })
  }

  inbound(method: string, target: string, asked: Asked = {}): Inbound {
    const url = new URL(target, root)
    const { key = keys.readWrite, headers = {}, body } = asked
    const bytes = bytesOf(body)
    const named = new Headers({ ...headers, ...(key === "" ? {} : { "x-api-key": key }) })
    return {
      method,
      host: named.get("host") ?? url.host,
      path: url.pathname,
      query: url.search.slice(1),
      header: (name) => named.get(name) ?? undefined,
      hasBody: bytes !== undefined,
      body: (limit) => Promise.resolve({ bytes: bytes!.subarray(0, limit), isCut: bytes!.length > limit }),
      remoteAddress: "192.0.2.7",
      scheme: "http",
    }
  }

  advance(span: number): Promise<void> {
    return this.run(TestClock.adjust(span))
  }

  run<A, E>(effect: Effect.Effect<A, E, Engine.Services | Site>): Promise<A> {
    return this.#runtime.runPromise(Effect.provideService(effect, Site, site))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#runtime.dispose()
  }
}

const projects = Effect.fnUntraced(function* ({ checkLimit }: Given) {
  const stored = (key: string, access: "read-write" | "read-only") => Keys.stored(site.secret, key, access)
  const project = yield* Projects.create({
    name: "P",
    pingKey,
    keys: [stored(keys.readWrite, "read-write"), stored(keys.readOnly, "read-only")],
    ...(checkLimit === undefined ? {} : { checkLimit }),
  })
  yield* Projects.create({ name: "other", keys: [stored(keys.other, "read-write")] })
  return project
})

const bytesOf = (body: unknown): Uint8Array | undefined => {
  if (body === undefined || body instanceof Uint8Array) return body
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body))
}

const decoder = new TextDecoder()

const answerOf = async ({ status, headers, body }: Outbound): Promise<Answer> => {
  let text = ""
  if (isStream(body)) for await (const chunk of body) text += decoder.decode(chunk, { stream: true })
  else text = typeof body === "string" ? body : decoder.decode(body)
  const named = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return { status, headers: Object.fromEntries(named), text, json: () => JSON.parse(text) }
}
