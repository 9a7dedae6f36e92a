/** The dialect of Cronhub: its monitors, and its pings. */
import type { Api } from "../../rest/Api.ts"
import * as ApiDialect from "../../rest/ApiDialect.ts"
import * as Answers from "./Answers.ts"
import { endpoints, schemas } from "./Monitors.ts"
import * as Pings from "./Pings.ts"

const api: Api = {
  title: "Cronhub",
  description:
    "The API of Cronhub: monitors are the checks of the project. Clients of Cronhub work unchanged once they know the address.",
  keyIn: "X-Api-Key",
  pings: Pings.described,
  endpoints,
  check: "Monitor",
  group: "Group",
  words: Answers.words,
  schemas,
}

/** The dialect. */
export const dialect = ApiDialect.make({
  name: "cronhub",
  mount: "/ch",
  api,
  pings: { name: "ping", open: Pings.open },
})
