/** The dialect of Cronhub: its monitors, and its pings. */
import type { Dialect } from "../Dialect.ts"
import * as Api from "../../rest/Api.ts"
import * as Answers from "./Answers.ts"
import { endpoints } from "./Monitors.ts"
import * as Pings from "./Pings.ts"

/** The dialect. */
export const dialect: Dialect = {
  name: "cronhub",
  mount: "/ch",
  hosts: [],
  routes: [
    { name: "ping", open: Pings.open },
    {
      name: "API",
      path: "/*",
      handle: Api.handler({
        endpoints,
        check: "Monitor",
        group: "Group",
        key: ({ header }) => header("x-api-key"),
        words: Answers.words,
      }),
    },
  ],
}
