/** The dialect of Pinghome: its services, its heartbeats and their events, and its servers. */
import type { Api } from "../../rest/Api.ts"
import * as ApiDialect from "../../rest/ApiDialect.ts"
import * as Answers from "./Answers.ts"
import { endpoints, schemas } from "./Endpoints.ts"
import { heartbeat } from "./Heartbeat.ts"
import * as Pings from "./Pings.ts"
import * as Place from "./Place.ts"
import { service } from "./Services.ts"

const api: Api = {
  title: "Pinghome",
  description:
    "The API of Pinghome, as far as it is about monitors: those are the checks of the project, and services are groups of them.",
  keyIn: "Authorization",
  pings: Pings.described,
  endpoints,
  check: heartbeat,
  group: service,
  words: Answers.words,
  schemas,
}

/** The dialect. */
export const dialect = ApiDialect.make({
  name: "pinghome",
  mount: "/ph",
  api,
  pings: { name: "event", open: Pings.open },
  pathOf: Place.pathOf,
})
