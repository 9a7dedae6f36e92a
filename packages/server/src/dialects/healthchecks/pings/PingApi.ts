/**
 * The ping API: the one door that must be fast, so it goes without a fiber of its own. It reads the URL, hands the
 * signal to `Receive`, and answers from its callback.
 */
import * as Slug from "@overdue/core/Slug"
import * as Store from "@overdue/core/Store"
import * as Birth from "@overdue/engine/commands/Birth"
import * as Create from "@overdue/engine/commands/Create"
import * as Receive from "@overdue/engine/commands/Receive"
import type { RateLimited } from "@overdue/engine/CommandError"
import * as Projects from "@overdue/engine/queries/Projects"
import { Settings } from "@overdue/engine/Settings"
import * as Clock from "effect/Clock"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { text, type Inbound, type Outbound } from "../../../http/Http.ts"
import { Protection } from "../../../access/Protection.ts"
import type { Services, Take } from "../../Dialect.ts"
import * as Blueprint from "./Blueprint.ts"
import * as Origin from "../../../access/Origin.ts"
import * as PingUrl from "./PingUrl.ts"

/** The route of pings. */
export const open = (services: Context.Context<Services>): Take => {
  const receive = Context.get(services, Receive.Receive)
  const { pingBodyLimit } = Context.get(services, Settings)
  const { trusts, pings: limit } = Context.get(services, Protection)
  const clock = Context.get(services, Clock.Clock)
  const answers = answersOf(pingBodyLimit)

  const deliver = (arrival: Receive.Arrival, done: (outbound: Outbound) => void): void =>
    receive.submit(arrival, (exit) => done(Exit.isSuccess(exit) ? accepted(exit.value) : refused(exit.cause)))

  const accepted = (receipt: Receive.Receipt): Outbound => (receipt.created ? answers.created : answers.ok)

  const refused = (cause: Cause.Cause<Receive.Refusal | Store.StoreError>): Outbound => {
    const error = Cause.squash(cause)
    if (error instanceof Store.StoreError) return answers.unavailable
    switch ((error as Receive.Refusal)._tag) {
      case "CheckNotFound":
      case "CheckLimitReached":
        return answers.notFound
      case "SlugAmbiguous":
        return answers.ambiguous
      case "RateLimited":
        return answers.tooMany((error as RateLimited).seconds) // safe because of its tag
    }
    Effect.runForkWith(services)(Effect.logError("a ping could not be received", cause))
    return answers.failed
  }

  /** Healthchecks looks for the check, and creates it when asked to, before it looks at the rest of the URL. */
  const refuseInvalid = (
    target: Receive.Target,
    invalid: Outbound,
    done: (outbound: Outbound) => void,
  ): void => {
    const found = Effect.gen(function* () {
      const store = yield* Store.Store
      if ("id" in target) return (yield* store.check(target.id)) === undefined ? answers.notFound : invalid
      const { project, slug, create } = target
      const checks = yield* store.checks(project, { slug })
      if (checks.length > 1) return answers.ambiguous
      if (checks.length === 1) return invalid
      if (create === undefined) return answers.notFound
      yield* Create.run({
        project,
        match: { slug },
        limitFactor: Birth.pingFactor,
        plan: (existing, channels) => Result.succeed(existing ?? Birth.ofBlueprint(slug, create, channels)),
      })
      return invalid
    })
    const answered = Effect.catchTags(found, {
      CheckLimitReached: () => Effect.succeed(answers.notFound),
      ProjectNotFound: () => Effect.succeed(answers.notFound),
    })
    Effect.runCallbackWith(services)(answered, {
      onExit: (exit) => done(Exit.isSuccess(exit) ? exit.value : answers.unavailable),
    })
  }

  const signal = (
    url: PingUrl.PingUrl,
    target: Receive.Target,
    query: URLSearchParams | undefined,
    inbound: Inbound,
    done: (outbound: Outbound) => void,
  ): void => {
    const rid = query === undefined ? undefined : PingUrl.rid(query)
    if (url.exitStatus !== undefined && url.exitStatus > 255)
      return refuseInvalid(target, answers.badUrl, done)
    if (rid === null) return refuseInvalid(target, answers.badRid, done)
    const withBody = (body: Uint8Array | undefined): void =>
      deliver(
        {
          target,
          rid,
          origin: Origin.of(inbound, body, trusts),
          signal: {
            via: "http",
            method: inbound.method,
            action: url.action,
            exitStatus: url.exitStatus,
            text: () => decoder.decode(body),
          },
        },
        done,
      )
    if (!inbound.hasBody) return withBody(undefined)
    inbound.body(pingBodyLimit).then(
      ({ bytes }) => withBody(bytes.length === 0 ? undefined : bytes),
      () => done(answers.tooLarge),
    )
  }

  const bySlug = (
    url: PingUrl.PingUrl,
    { pingKey, slug }: { readonly pingKey: string; readonly slug: string },
    inbound: Inbound,
    done: (outbound: Outbound) => void,
  ): void => {
    if (!Slug.isValid(slug)) return done(answers.badUrl)
    const query = new URLSearchParams(inbound.query)
    const found = Effect.gen(function* () {
      const project = yield* Projects.byPingKey(pingKey)
      if (project === undefined) return answers.notFound
      const create = yield* Blueprint.read(query, project.id)
      return typeof create === "string"
        ? text(400, create, answers.headers)
        : { project: project.id, slug, create }
    })
    Effect.runCallbackWith(services)(found, {
      onExit: (exit) => {
        if (Exit.isFailure(exit)) return done(answers.unavailable)
        if ("status" in exit.value) return done(exit.value)
        signal(url, exit.value, query, inbound, done)
      },
    })
  }

  const answer = (url: PingUrl.PingUrl, inbound: Inbound, done: (outbound: Outbound) => void): void => {
    if (limit !== undefined) {
      const wait = limit.take(checkOf(url), clock.currentTimeMillisUnsafe())
      if (wait > 0) return done(answers.tooMany(wait))
    }
    if ("pingKey" in url.target) return bySlug(url, url.target, inbound, done)
    const query = inbound.query === "" ? undefined : new URLSearchParams(inbound.query)
    signal(url, url.target, query, inbound, done)
  }

  return (inbound, done) => {
    const url = PingUrl.parse(inbound.path)
    if (url === undefined) return false
    answer(url, inbound, done)
    return true
  }
}

/** What a URL calls its check, whether or not there is one. */
const checkOf = ({ target }: PingUrl.PingUrl): string =>
  "id" in target ? target.id : `${target.pingKey}/${target.slug}`

const decoder = new TextDecoder()

/** Seconds after which a client may try again when the store cannot serve. */
const retryAfter = "5"

const answersOf = (pingBodyLimit: number) => {
  const headers = {
    "access-control-allow-origin": "*",
    "cache-control": "max-age=0, no-cache, no-store, must-revalidate, private",
  }
  const accepted = { ...headers, "ping-body-limit": String(pingBodyLimit) }
  return {
    headers,
    ok: text(200, "OK", accepted),
    created: text(201, "Created", accepted),
    notFound: text(404, "not found", headers),
    badUrl: text(400, "invalid url format", headers),
    badRid: text(400, "invalid uuid format", headers),
    ambiguous: text(409, "ambiguous slug", headers),
    tooLarge: text(413, "the body is too large", headers),
    tooMany: (seconds: number) =>
      text(429, "rate limit exceeded", { ...headers, "retry-after": String(seconds) }),
    failed: text(500, "internal error", headers),
    unavailable: text(503, "temporarily unavailable", { ...headers, "retry-after": retryAfter }),
  }
}
