/** The dialect of 66uptime, which HostMonits and others run: its heartbeats and their pings, projects, and handlers. */
import * as Access from "../../access/Access.ts"
import * as Api from "../../rest/Api.ts"
import type { Dialect } from "../Dialect.ts"
import * as Answers from "./Answers.ts"
import * as Handlers from "./Handlers.ts"
import * as Heartbeats from "./Heartbeats.ts"
import * as Pings from "./Pings.ts"
import * as Projects from "./Projects.ts"

/** The dialect. */
export const dialect: Dialect = {
  name: "uptime66",
  mount: "/u66",
  hosts: [],
  routes: [
    { name: "ping", open: Pings.open },
    {
      name: "API",
      path: "/*",
      handle: Api.handler({
        endpoints: [...Heartbeats.endpoints, ...Projects.endpoints, ...Handlers.endpoints],
        check: "Heartbeat",
        group: "Project",
        key: Access.bearer,
        words: Answers.words,
      }),
    },
  ],
}
