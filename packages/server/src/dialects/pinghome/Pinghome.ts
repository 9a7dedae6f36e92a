/** The dialect of Pinghome: its services, its heartbeats, and the events of these. */
import * as Api from "../../rest/Api.ts"
import * as Documentation from "../../rest/Documentation.ts"
import type { Dialect } from "../Dialect.ts"
import * as Answers from "./Answers.ts"
import { endpoints } from "./Endpoints.ts"
import { heartbeat } from "./Heartbeat.ts"
import * as Pings from "./Pings.ts"
import * as Place from "./Place.ts"
import { service } from "./Services.ts"

const api: Api.Api = {
  title: "Pinghome",
  description:
    "The API of Pinghome, as far as it is about heartbeats: those are the checks of the project, and services are groups of them.",
  keyIn: "Authorization",
  pings: Pings.described,
  endpoints,
  check: heartbeat,
  group: service,
  words: Answers.words,
}

const handle = Api.handler(api)

/** The dialect. */
export const dialect: Dialect = {
  name: "pinghome",
  title: api.title,
  mount: "/ph",
  docs: Documentation.docs,
  hosts: [],
  routes: [
    { name: "event", open: Pings.open },
    ...Documentation.routes(api),
    { name: "API", path: "/*", handle: (inbound) => handle({ ...inbound, path: Place.pathOf(inbound) }) },
  ],
}
