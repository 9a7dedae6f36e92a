/** The dialect of 66uptime, which HostMonits and others run: its heartbeats and their pings, projects, and handlers. */
import * as Api from "../../rest/Api.ts"
import * as Documentation from "../../rest/Documentation.ts"
import type { Dialect } from "../Dialect.ts"
import * as Answers from "./Answers.ts"
import * as Handlers from "./Handlers.ts"
import * as Heartbeats from "./Heartbeats.ts"
import * as Pings from "./Pings.ts"
import * as Projects from "./Projects.ts"

const api: Api.Api = {
  title: "66uptime",
  description:
    "The API of 66uptime, which HostMonits and others run: heartbeats are the checks of the project, its projects are groups of them, and notification handlers are its channels.",
  keyIn: "Authorization",
  pings: Pings.described,
  endpoints: [...Heartbeats.endpoints, ...Projects.endpoints, ...Handlers.endpoints],
  check: "Heartbeat",
  group: "Project",
  words: Answers.words,
}

/** The dialect. */
export const dialect: Dialect = {
  name: "uptime66",
  title: api.title,
  mount: "/u66",
  docs: Documentation.docs,
  hosts: [],
  routes: [
    { name: "ping", open: Pings.open },
    ...Documentation.routes(api),
    { name: "API", path: "/*", handle: Api.handler(api) },
  ],
}
