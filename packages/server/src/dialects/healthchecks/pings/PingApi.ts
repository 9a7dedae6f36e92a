/**
 * The ping API: reads the request of a ping, finds its target, and hands it to the `SignalDesk`, which answers from a
 * callback, without a fiber.
 */
import * as Slug from "@overdue/core/Slug"
import * as Store from "@overdue/core/Store"
import * as Birth from "@overdue/engine/commands/Birth"
import * as Create from "@overdue/engine/commands/Create"
import type * as Receive from "@overdue/engine/commands/Receive"
import * as Projects from "@overdue/engine/queries/Projects"
import { Settings } from "@overdue/engine/Settings"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Inbound, Outbound } from "../../../http/Http.ts"
import type { DirectTake, Services } from "../../Dialect.ts"
import * as SignalDesk from "../../SignalDesk.ts"
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
  readonly #desk: SignalDesk.SignalDesk
  readonly #ofOutcome: PingAnswers.OfOutcome

  constructor(services: Context.Context<Services>) {
    this.#desk = new SignalDesk.SignalDesk(services, PingAnswers)
    this.#ofOutcome = PingAnswers.ofOutcome(Context.get(services, Settings).pingBodyLimit)
  }

  /** Returns a promise when the ping has to wait; it rejects when a step is at fault. */
  answer(ping: Ping): Promise<void> | void {
    const { target } = ping.url
    if ("id" in target) return this.#take(ping, target)
    if (!Slug.isValid(target.slug)) return ping.done(PingAnswers.badUrl)
    return this.#desk.run(aim(target, ping.query), ping.done, (aimed) =>
      "status" in aimed ? ping.done(aimed) : this.#take(ping, aimed),
    )
  }

  /** An invalid URL is refused only when the check exists, as in Healthchecks: a 404 comes before a 400. */
  #take(ping: Ping, target: Receive.Target): Promise<void> | void {
    const { inbound, url, query, rid, done } = ping
    const wrong = wrongIn(ping)
    if (wrong !== undefined) return this.#desk.run(refuse(target, wrong), done, done)
    const { action, exitStatus } = url
    return this.#desk.take(
      { inbound, target, action, exitStatus, rid: rid ?? undefined },
      { done, ofOutcome: (outcome) => this.#ofOutcome(outcome, query) },
    )
  }
}

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

/** Returns the answer to an invalid ping: `wrong` if the check exists. Healthchecks creates it even for such a ping. */
const refuse = Effect.fnUntraced(
  function* (target: Receive.Target, wrong: Outbound) {
    if ("id" in target) return (yield* SignalDesk.isCheck(target.id)) ? wrong : PingAnswers.notFound
    const store = yield* Store.Store
    const { project, slug, create } = target
    const checks = yield* store.checks(project, { slug })
    if (checks.length > 1) return PingAnswers.ambiguous
    if (checks.length === 1) return wrong
    if (create === undefined) return PingAnswers.notFound
    yield* Create.unnamed({
      project,
      match: { slug },
      limitFactor: Birth.pingFactor,
      plan: (existing, channels) => Result.succeed(existing ?? Birth.ofBlueprint(slug, create, channels)),
    })
    return wrong
  },
  Effect.catchTags({
    CheckLimitReached: () => Effect.succeed(PingAnswers.notFound),
    ProjectNotFound: () => Effect.succeed(PingAnswers.notFound),
    // A ping creates no threshold.
    ServerNotFound: Effect.die,
  }),
)
