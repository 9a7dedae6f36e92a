/**
 * The ping API. It must be fast, so it answers from callbacks, without a fiber. Each ping takes four steps: read the
 * request, find its target, read its body, and submit it to `Receive`.
 */
import { idempotencyKey } from "@overdue/core/Ping"
import * as Slug from "@overdue/core/Slug"
import * as Store from "@overdue/core/Store"
import * as Birth from "@overdue/engine/commands/Birth"
import * as Create from "@overdue/engine/commands/Create"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Projects from "@overdue/engine/queries/Projects"
import { Settings } from "@overdue/engine/Settings"
import * as Trouble from "@overdue/engine/Trouble"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Origin from "../../../access/Origin.ts"
import { networkOf, Protection } from "../../../access/Protection.ts"
import type { Inbound, Outbound } from "../../../http/Http.ts"
import type { DirectTake, Services } from "../../Dialect.ts"
import * as Blueprint from "./Blueprint.ts"
import * as PingAnswers from "./PingAnswers.ts"
import * as PingUrl from "./PingUrl.ts"

/** A ping as its request describes it. */
interface Ping {
  readonly inbound: Inbound
  readonly url: PingUrl.PingUrl
  readonly query: URLSearchParams
  /** `null` when it is not a UUID. */
  readonly rid: string | undefined | null
  readonly done: (outbound: Outbound) => void
}

/** Returns what answers pings. */
export const open = (services: Context.Context<Services>): DirectTake => {
  const desk = new Desk(services)
  return (inbound, done) => {
    const url = PingUrl.parse(inbound.path)
    if (url === undefined) return false
    return desk.answer(read(inbound, url, done)) ?? true
  }
}

const noQuery = new URLSearchParams()

const read = (inbound: Inbound, url: PingUrl.PingUrl, done: Ping["done"]): Ping => {
  const query = inbound.query === "" ? noQuery : new URLSearchParams(inbound.query)
  return { inbound, url, query, rid: query === noQuery ? undefined : PingUrl.rid(query), done }
}

/** Takes pings through their steps. */
class Desk {
  readonly #services: Context.Context<Services>
  readonly #receive: Receive.Receive["Service"]
  readonly #protection: Protection
  readonly #pingBodyLimit: number
  readonly #isLimited: boolean
  readonly #ofOutcome: PingAnswers.OfOutcome

  constructor(services: Context.Context<Services>) {
    this.#services = services
    this.#receive = Context.get(services, Receive.Receive)
    this.#protection = Context.get(services, Protection)
    const { pingBodyLimit, signalsPerMinute } = Context.get(services, Settings)
    this.#pingBodyLimit = pingBodyLimit
    this.#isLimited = signalsPerMinute !== undefined
    this.#ofOutcome = PingAnswers.ofOutcome(this.#pingBodyLimit)
  }

  /** Returns a promise when the ping has to wait; it rejects when a step is at fault. */
  answer(ping: Ping): Promise<void> | void {
    const { target } = ping.url
    if ("id" in target) return this.#take(ping, target)
    if (!Slug.isValid(target.slug)) return ping.done(PingAnswers.badUrl)
    return this.#run(aim(target, ping.query), ping, (aimed) =>
      "status" in aimed ? ping.done(aimed) : this.#take(ping, aimed),
    )
  }

  /** An invalid URL is refused only when the check exists, as in Healthchecks: a 404 comes before a 400. */
  #take(ping: Ping, target: Receive.Target): Promise<void> | void {
    const wrong = wrongIn(ping)
    if (wrong !== undefined) return this.#run(refuse(target, wrong), ping, ping.done)
    const { inbound } = ping
    if (!inbound.hasBody) return this.#submit(ping, target, undefined)
    // Who knows a ping key is known. Whether there is a check with the id is asked only when memory is short, and before
    // a long body is read: usually the commit finds out.
    if (!("id" in target)) return this.#read(ping, target, true)
    if (isShort(inbound) && inbound.isCrowded?.(this.#pingBodyLimit) !== true)
      return this.#read(ping, target, false)
    return this.#run(isCheck(target.id), ping, (isKnown) =>
      isKnown ? this.#read(ping, target, true) : ping.done(PingAnswers.notFound),
    )
  }

  #read(ping: Ping, target: Receive.Target, isKnown: boolean): Promise<void> {
    return ping.inbound.body(this.#pingBodyLimit, isKnown).then(
      ({ bytes }) => this.#submit(ping, target, bytes.length === 0 ? undefined : bytes),
      (error: unknown) => ping.done(PingAnswers.ofBodyError(error)),
    )
  }

  #submit(
    { inbound, url, query, rid, done }: Ping,
    target: Receive.Target,
    body: Uint8Array | undefined,
  ): void {
    const { trusts } = this.#protection
    const origin = Origin.of(inbound, body, trusts)
    const arrival: Receive.Arrival = {
      target,
      rid: rid ?? undefined,
      key: idempotencyKey(inbound.header("idempotency-key")),
      origin,
      ...(this.#isLimited && { sender: networkOf(inbound, origin, trusts) }),
      signal: {
        via: "http",
        method: inbound.method,
        action: url.action,
        exitStatus: url.exitStatus,
        text: () => decoder.decode(body),
      },
    }
    this.#receive.submit(arrival, (outcome) => done(this.#ofOutcome(outcome, query)))
  }

  /** Runs a step that needs the store, in a fiber. When the step fails, so does the ping. */
  async #run<A>(
    step: Effect.Effect<A, Store.StoreError, Services>,
    { done }: Ping,
    next: (made: A) => Promise<void> | void,
  ): Promise<void> {
    const reported = Effect.tapCause(step, (cause) =>
      Trouble.report("the check of a ping could not be looked up", cause),
    )
    const exit = await Effect.runPromiseExitWith(this.#services)(reported)
    return Exit.isSuccess(exit) ? next(exit.value) : done(PingAnswers.ofCause(exit.cause))
  }
}

const decoder = new TextDecoder()

/** Bytes of a body that are read of anybody. Those of most jobs are shorter. */
const short = 64 * 1024

/** A body without a length may be of any. */
const isShort = (inbound: Inbound): boolean => Number(inbound.header("content-length") ?? Infinity) <= short

/** Returns the answer to an invalid URL; `undefined` when the URL is valid. */
const wrongIn = ({ url, rid }: Ping): Outbound | undefined => {
  if (url.exitStatus !== undefined && url.exitStatus > 255) return PingAnswers.badUrl
  return rid === null ? PingAnswers.badRid : undefined
}

/**
 * Returns the target of a ping by slug, with the check to create if there is none; or the answer that refuses the
 * ping.
 */
const aim = Effect.fnUntraced(function* ({ pingKey, slug }: PingUrl.BySlug, query: URLSearchParams) {
  const project = yield* Projects.byPingKey(pingKey)
  if (project === undefined) return PingAnswers.notFound
  const create = yield* Blueprint.read(query, project.id)
  if (typeof create === "string") return PingAnswers.badBlueprint(create)
  return { project: project.id, slug, create } satisfies Receive.Target
})

const isCheck = Effect.fnUntraced(function* (id: string) {
  return (yield* (yield* Store.Store).check(id)) !== undefined
})

/** Returns the answer to an invalid ping: `wrong` if the check exists. Healthchecks creates it even for such a ping. */
const refuse = Effect.fnUntraced(
  function* (target: Receive.Target, wrong: Outbound) {
    if ("id" in target) return (yield* isCheck(target.id)) ? wrong : PingAnswers.notFound
    const store = yield* Store.Store
    const { project, slug, create } = target
    const checks = yield* store.checks(project, { slug })
    if (checks.length > 1) return PingAnswers.ambiguous
    if (checks.length === 1) return wrong
    if (create === undefined) return PingAnswers.notFound
    yield* Create.run({
      project,
      match: { slug },
      limitFactor: Birth.pingFactor,
      plan: (existing, channels) => Result.succeed(existing ?? Birth.ofBlueprint(slug, create, channels)),
    })
    return wrong
  },
  Effect.catchTags({
    // No identity was asked for.
    CheckExists: Effect.die,
    CheckLimitReached: () => Effect.succeed(PingAnswers.notFound),
    ProjectNotFound: () => Effect.succeed(PingAnswers.notFound),
  }),
)
