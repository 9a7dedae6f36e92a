/** The dialect of Cronhub: its monitors, and its pings. */
import * as Api from "../../rest/Api.ts"
import * as Documentation from "../../rest/Documentation.ts"
import type { Dialect } from "../Dialect.ts"
import * as Answers from "./Answers.ts"
import { endpoints } from "./Monitors.ts"
import * as Pings from "./Pings.ts"

const api: Api.Api = {
  title: "Cronhub",
  description:
    "The API of Cronhub: monitors are the checks of the project. Clients of Cronhub work unchanged once they know the address.",
  keyIn: "X-Api-Key",
  pings: Pings.described,
  endpoints,
  check: "Monitor",
  group: "Group",
  words: Answers.words,
}

/** The dialect. */
export const dialect: Dialect = {
  name: "cronhub",
  title: api.title,
  mount: "/ch",
  docs: Documentation.docs,
  hosts: [],
  routes: [
    { name: "ping", open: Pings.open },
    ...Documentation.routes(api),
    { name: "API", path: "/*", handle: Api.handler(api) },
  ],
}
