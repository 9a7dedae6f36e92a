/** The parameters of requests to endpoints beyond Healthchecks, which itself ignores those that it does not know. */
import * as Effect from "effect/Effect"
import { BadRequest } from "./Endpoint.ts"

/** Fails when there is a parameter of another name: a misspelt one would choose everything. */
export const expectOnly = (
  query: URLSearchParams,
  known: readonly [string, ...(readonly string[])],
): Effect.Effect<void, BadRequest> => {
  const unknown = [...query.keys()].find((name) => !known.includes(name))
  if (unknown === undefined) return Effect.void
  const text = `${JSON.stringify(unknown)} is unknown: ${listed(known)}`
  return Effect.fail(new BadRequest({ text }))
}

const listed = ([first, ...others]: readonly [string, ...(readonly string[])]): string => {
  const last = others.at(-1)
  return last === undefined
    ? `the parameter is ${first}`
    : `the parameters are ${[first, ...others.slice(0, -1)].join(", ")} and ${last}`
}
