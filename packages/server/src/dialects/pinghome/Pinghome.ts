/** The dialect of Pinghome: its services, its heartbeats, and the events of these. */
import * as Access from "../../access/Access.ts"
import * as Api from "../../rest/Api.ts"
import type { Dialect } from "../Dialect.ts"
import * as Answers from "./Answers.ts"
import { endpoints } from "./Endpoints.ts"
import { heartbeat } from "./Heartbeat.ts"
import * as Pings from "./Pings.ts"
import * as Place from "./Place.ts"
import { service } from "./Services.ts"

const api = Api.handler({
  endpoints,
  check: heartbeat,
  group: service,
  key: Access.bearer,
  words: Answers.words,
})

/** The dialect. */
export const dialect: Dialect = {
  name: "pinghome",
  mount: "/ph",
  hosts: [],
  routes: [
    { name: "event", open: Pings.open },
    { name: "API", path: "/*", handle: (inbound) => api({ ...inbound, path: Place.pathOf(inbound) }) },
  ],
}
