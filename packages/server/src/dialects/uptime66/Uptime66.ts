/** The dialect of 66uptime, which HostMonits and others run: its heartbeats and their pings, projects, and handlers. */
import type { Api } from "../../rest/Api.ts"
import * as ApiDialect from "../../rest/ApiDialect.ts"
import * as Answers from "./Answers.ts"
import * as Handlers from "./Handlers.ts"
import * as Heartbeats from "./Heartbeats.ts"
import * as Pages from "./Pages.ts"
import * as Pings from "./Pings.ts"
import * as Projects from "./Projects.ts"
import * as Shown from "./Shown.ts"

/** What answers consist of. */
const schemas = {
  Heartbeat: Shown.Output,
  Project: Projects.Output,
  NotificationHandler: Handlers.Output,
  Page: Pages.Output,
  Error: Answers.Failure,
}

const api: Api = {
  title: "66uptime",
  description:
    "The API of 66uptime, which HostMonits and others run: heartbeats are the checks of the project, its projects are groups of them, and notification handlers are its channels.",
  keyIn: "Authorization",
  pings: Pings.described,
  endpoints: [...Heartbeats.endpoints, ...Projects.endpoints, ...Handlers.endpoints],
  check: "Heartbeat",
  group: "Project",
  words: Answers.words,
  schemas,
}

/** The dialect. */
export const dialect = ApiDialect.make({
  name: "uptime66",
  mount: "/u66",
  api,
  pings: { name: "ping", open: Pings.open },
})
