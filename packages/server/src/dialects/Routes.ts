/** Runs routes over an engine's services, and answers and logs their failures. */
import { LeftOut, StoreError } from "@overdue/core/Store"
import * as Trace from "@overdue/engine/Trace"
import * as Trouble from "@overdue/engine/Trouble"
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { empty, isStream, text, type BodyStream, type Outbound } from "../http/Http.ts"
import * as TryAgain from "../http/TryAgain.ts"
import * as SlicedBody from "../http/SlicedBody.ts"
import * as Damaged from "./Damaged.ts"
import type { DirectRoute, Route, Services, Take } from "./Dialect.ts"
import { Turnstile } from "./Turnstile.ts"

const unavailable = text(503, TryAgain.noDatabase, TryAgain.headers)

/** Returns the answer to a request from the exit of its handler. Failures are logged with the name of the route. */
type Finish = (exit: Exit.Exit<Outbound, StoreError>) => Outbound

/** All servers of a process share its event loop. */
const turnstile = new Turnstile()

/** Returns what answers a request by the first route that matches it. `group` precedes the names of routes in logs. */
export const open = (
  group: string,
  routes: readonly (Route | DirectRoute)[],
  services: Context.Context<Services>,
): Take => {
  const run = Effect.runCallbackWith(services)
  const opened = routes.map((route) => {
    const report = (cause: Cause.Cause<StoreError>): void => {
      run(Trouble.report(`${group}: ${route.name} failed`, cause))
    }
    const finish = finisher(report)
    return { take: "open" in route ? route.open(services) : inFiber(group, route, { run, finish }), finish }
  })
  return (inbound, done) => {
    for (const { take, finish } of opened) {
      // Nothing else would catch it, and one request must not end the process.
      const fail = (defect: unknown): void => done(finish(Exit.die(defect)))
      try {
        const taken = take(inbound, done)
        if (taken === false) continue
        if (taken !== true) taken.catch(fail)
      } catch (defect) {
        fail(defect)
      }
      return true
    }
    return false
  }
}

const inFiber = (
  group: string,
  { name, path, handle }: Route,
  {
    run,
    finish,
  }: { readonly run: ReturnType<typeof Effect.runCallbackWith<Services>>; readonly finish: Finish },
): Take => {
  const isMine = matcher(path)
  return (inbound, done) => {
    if (!isMine(inbound.path)) return false
    const begin = (): void => {
      const leftOut: StoreError[] = []
      // Suspended, so that a handler that throws at once is no different from one that fails.
      const handled = Trace.within(
        Effect.suspend(() => handle(inbound)),
        spanOf(`${group}: ${name}`, inbound.method),
      )
      const waited = Effect.provideService(handled, SlicedBody.IsGone, inbound.isGone ?? (() => false))
      run(
        Effect.provideService(waited, LeftOut, (error) => leftOut.push(error)),
        { onExit: (exit) => done(withWarning(finish(exit), leftOut)) },
      )
    }
    // Whoever floods a server and leaves again would have it work on for nobody, also after it was told to stop.
    turnstile.enter(begin, inbound.isGone)
    return true
  }
}

/** Requests are named by their routes, as in the log: paths contain keys and ids of checks. */
const spanOf = (route: string, method: string): Trace.Named<Outbound> => {
  const known = methods.has(method) ? method : "_OTHER"
  return {
    name: `${known} ${route}`,
    kind: "server",
    attributes: { "http.request.method": known },
    ended: ({ status }) => ({ "http.response.status_code": status }),
  }
}

/** Those that are named: a client can make up others. */
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])

const withWarning = (outbound: Outbound, leftOut: readonly StoreError[]): Outbound =>
  leftOut.length === 0
    ? outbound
    : { ...outbound, headers: { ...outbound.headers, ...Damaged.omitted(leftOut) } }

const matcher = (path: string): ((asked: string) => boolean) => {
  if (!path.endsWith("*")) return (asked) => asked === path
  const prefix = path.slice(0, -1)
  return (asked) => asked.startsWith(prefix)
}

const finisher =
  (report: (cause: Cause.Cause<StoreError>) => void): Finish =>
  (exit) => {
    if (Exit.isFailure(exit)) {
      report(exit.cause)
      const damage = Damaged.of(exit.cause)
      if (damage !== undefined) return Damaged.answer(damage)
      return Cause.squash(exit.cause) instanceof StoreError ? unavailable : empty(500)
    }
    const { body } = exit.value
    return isStream(body) ? { ...exit.value, body: reported(body, report) } : exit.value
  }

/** Returns the same stream with its failure reported: carriers only reset the connection. */
const reported = (body: BodyStream, report: (cause: Cause.Cause<StoreError>) => void): BodyStream => ({
  [Symbol.asyncIterator]: () => {
    const iterator = body[Symbol.asyncIterator]()
    return {
      next: async () => {
        try {
          return await iterator.next()
        } catch (error) {
          report(error instanceof StoreError ? Cause.fail(error) : Cause.die(error))
          throw error
        }
      },
      // Passed on at once, though a `next` may be pending: the producer must not go on until that resolves.
      return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    }
  },
})
