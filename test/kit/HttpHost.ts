/** A server over an engine in memory, without a socket, whose clock stands still until it is moved. */
import type { Alert } from "@overdue/core/Alert"
import type { Project } from "@overdue/core/Project"
import type { Store, StoreError } from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
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
import * as References from "effect/References"
import * as TestClock from "effect/testing/TestClock"
import { keys } from "./Keys.ts"

/** Root of the site, unless another one is given. */
export const root = "https://monitor.example.org"

/** When the clock begins, unless it is given. */
export const start: Instant = Date.UTC(2026, 5, 15, 12, 30)

/** The site, unless another one is given. */
export const site = { root, pingEmailDomain: "example.org", secret: "secret", metricsKey: "metrics" }

/** What a host is opened with; without anything it has a store in memory and the usual site. */
export interface Given extends Server.Options {
  readonly start?: Instant
  readonly site?: Context.Service.Shape<typeof Site>
  /** Of the project whose keys are known. */
  readonly checkLimit?: number | undefined
  readonly store?: Layer.Layer<Store, StoreError>
  /** Takes every line that is logged, with its cause; without it warnings and errors are printed. */
  readonly log?: string[]
}

const logger = (log: string[] | undefined): Layer.Layer<never> =>
  log === undefined
    ? Layer.succeed(References.MinimumLogLevel, "Warn")
    : Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void log.push(line))])

/** What a request may say; without a key it has the read-write one. */
export interface Asked {
  readonly key?: string | undefined
  /** A key that is sent as a bearer token instead; none when it is empty. */
  readonly bearer?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** A text or bytes as they are; everything else as JSON. */
  readonly body?: unknown
  /** Whether the bodies of strangers have taken their share of memory, so that no other one is read. */
  readonly isCrowded?: boolean
}

/** An answer, read to its end. */
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

export class HttpHost implements AsyncDisposable {
  readonly project: Project
  readonly metricsKey = site.metricsKey
  /** What channels of the kind `callback` were told. */
  readonly alerts: readonly Alert[]
  /** Why they fail from now on. */
  fail: string | undefined
  readonly #runtime: ManagedRuntime.ManagedRuntime<Engine.Services, StoreError>
  readonly #serve: Serve
  readonly #site: Context.Service.Shape<typeof Site>

  private constructor(made: {
    readonly project: Project
    readonly alerts: readonly Alert[]
    readonly runtime: ManagedRuntime.ManagedRuntime<Engine.Services, StoreError>
    readonly serve: Serve
    readonly site: Context.Service.Shape<typeof Site>
  }) {
    this.project = made.project
    this.alerts = made.alerts
    this.#runtime = made.runtime
    this.#serve = made.serve
    this.#site = made.site
  }

  static async open(given: Given = {}): Promise<HttpHost> {
    const alerts: Alert[] = []
    const take = (alert: Alert): void => {
      if (host.fail !== undefined) throw new Error(host.fail)
      alerts.push(alert)
    }
    const runtime = ManagedRuntime.make(
      Engine.still({
        store: given.store ?? MemoryStore.layer,
        notifiers: CallbackNotifier.layer(take, CallbackNotifier.none),
        settings: { blindAfter: undefined },
      }).pipe(Layer.provideMerge(TestClock.layer()), Layer.provideMerge(logger(given.log))),
    )
    await runtime.runPromise(TestClock.setTime(given.start ?? start))
    const own = given.site ?? site
    const project = await runtime.runPromise(projects(own.secret, given.checkLimit))
    const serve = Server.serve(Context.add(await runtime.context(), Site, own), given)
    const host = new HttpHost({ project, alerts, runtime, serve, site: own })
    return host
  }

  /** Asks the server, and resolves to its whole answer. */
  ask(method: string, target: string, asked: Asked = {}): Promise<Answer> {
    return new Promise((resolve) => {
      this.#serve(this.inbound(method, target, asked), (outbound) => resolve(answerOf(outbound)))
    })
  }

  /** Returns a request. A path with its query arrives as it is given; those of a whole URL as a client sends them. */
  inbound(method: string, target: string, asked: Asked = {}): Inbound {
    const { host, path, query } = target.startsWith("/") ? split(target, this.#site.root) : partsOf(target)
    const { headers = {}, body, isCrowded = false } = asked
    const bytes = bytesOf(body)
    const named = new Headers({ ...keyed(asked), ...headers })
    return {
      method,
      host: named.get("host") ?? host,
      path,
      query,
      header: (name) => named.get(name) ?? undefined,
      hasBody: bytes !== undefined,
      body: (limit, isKnown) =>
        isCrowded && isKnown !== true
          ? Promise.reject(new Error("no memory is left to strangers"))
          : Promise.resolve({ bytes: bytes!.subarray(0, limit), isCut: bytes!.length > limit }),
      isCrowded: () => isCrowded,
      remoteAddress: "192.0.2.7",
      scheme: "http",
    }
  }

  /** Moves the clock. */
  advance(span: Span): Promise<void> {
    return this.run(TestClock.adjust(span))
  }

  /** Runs an effect in the engine behind the server. */
  run<A, E>(effect: Effect.Effect<A, E, Engine.Services | Site>): Promise<A> {
    return this.#runtime.runPromise(Effect.provideService(effect, Site, this.#site))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#runtime.dispose()
  }
}

const projects = Effect.fnUntraced(function* (secret: string, checkLimit: number | undefined) {
  const stored = (key: string, access: "read-write" | "read-only") => Keys.stored(secret, key, access)
  const project = yield* Projects.create({
    name: "P",
    pingKey: keys.ping,
    keys: [stored(keys.readWrite, "read-write"), stored(keys.readOnly, "read-only")],
    ...(checkLimit === undefined ? {} : { checkLimit }),
  })
  yield* Projects.create({ name: "other", keys: [stored(keys.other, "read-write")] })
  return project
})

const keyed = ({ bearer, key = keys.readWrite }: Asked): Readonly<Record<string, string>> => {
  if (bearer !== undefined) return bearer === "" ? {} : { authorization: `Bearer ${bearer}` }
  return key === "" ? {} : { "x-api-key": key }
}

const split = (target: string, root: string) => {
  const mark = target.indexOf("?")
  return {
    host: new URL(root).host,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? "" : target.slice(mark + 1),
  }
}

const partsOf = (url: string) => {
  const { host, pathname, search } = new URL(url)
  return { host, path: pathname, query: search.slice(1) }
}

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
