/** What the API says of itself, and doors for providers that report back. No key opens or closes them. */
import * as Effect from "effect/Effect"
import { empty, text } from "../../../Http.ts"
import type { Endpoint, Operation } from "../Endpoint.ts"
import * as Checks from "@overdue/engine/queries/Checks"

/** Fails when the store does. */
const status: Operation = { access: "none", run: () => Effect.as(Checks.blind, text(200, "OK")) }

/** Nothing is sent that a provider could report on: what is reported is taken and forgotten. */
const taken = (body: string): Operation => ({
  access: "none",
  run: () => Effect.succeed(body === "" ? empty(200) : text(200, body)),
})

export const endpoints: readonly Endpoint[] = [
  { path: "/status/", methods: { GET: status, POST: status, DELETE: status }, isPlain: true },
  { path: "/notifications/{uuid}/status", methods: { POST: taken("") }, isPlain: true },
  { path: "/bounces/", methods: { POST: taken("OK") }, isPlain: true },
]
