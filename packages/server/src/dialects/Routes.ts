/** Routes that are ready to answer: the first that takes a request does, and what goes wrong is answered and logged. */
import { StoreError } from "@overdue/core/Store"
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { empty, text, type Outbound } from "../http/Http.ts"
import type { DirectRoute, Route, Services, Take } from "./Dialect.ts"

const unavailable = text(503, "temporarily unavailable", { "retry-after": "5" })

/** `group` names whose routes they are. */
export const open = (
  group: string,
  routes: readonly (Route | DirectRoute)[],
  services: Context.Context<Services>,
): Take => {
  const run = Effect.runCallbackWith(services)
  const fail = (name: string, cause: Cause.Cause<unknown>): Outbound => {
    run(Effect.logError(`${group}: ${name} failed`, cause))
    return Cause.squash(cause) instanceof StoreError ? unavailable : empty(500)
  }
  const opened = routes.map((route) => ({
    name: route.name,
    take: "open" in route ? route.open(services) : inFiber(route, run, fail),
  }))
  return (inbound, done) => {
    for (const { name, take } of opened) {
      try {
        if (take(inbound, done)) return true
      } catch (defect) {
        // Nobody above would catch it, and one request must not end the process.
        done(fail(name, Cause.die(defect)))
        return true
      }
    }
    return false
  }
}

const inFiber = (
  { name, path, handle }: Route,
  run: ReturnType<typeof Effect.runCallbackWith<Services>>,
  fail: (name: string, cause: Cause.Cause<StoreError>) => Outbound,
): Take => {
  const isMine = matcher(path)
  return (inbound, done) => {
    if (!isMine(inbound.path)) return false
    run(handle(inbound), {
      onExit: (exit) => done(Exit.isSuccess(exit) ? exit.value : fail(name, exit.cause)),
    })
    return true
  }
}

const matcher = (path: string): ((asked: string) => boolean) => {
  if (!path.endsWith("*")) return (asked) => asked === path
  const prefix = path.slice(0, -1)
  return (asked) => asked.startsWith(prefix)
}
