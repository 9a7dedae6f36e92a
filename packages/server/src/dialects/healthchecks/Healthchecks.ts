/** The dialect of Healthchecks: its pings, its management API in three versions, its badges and metrics. */
import * as Effect from "effect/Effect"
import { empty } from "../../http/Http.ts"
import type { Dialect } from "../Dialect.ts"
import * as BadgeApi from "./badges/BadgeApi.ts"
import * as Api from "./management/Api.ts"
import * as MetricsApi from "./metrics/MetricsApi.ts"
import * as PingApi from "./pings/PingApi.ts"

/** The address that the server prints at its start leads to the documentation. */
const welcome = empty(302, { location: "/api/v3/docs" })

/** The dialect. */
export const dialect: Dialect = {
  name: "healthchecks",
  title: "Healthchecks",
  docs: "/api/v3/docs",
  mount: "/hc",
  hosts: [],
  routes: [
    { name: "ping", open: PingApi.open },
    { name: "welcome", path: "/", handle: () => Effect.succeed(welcome) },
    { name: "management API v1", path: "/api/v1/*", handle: Api.handler(1) },
    { name: "management API v2", path: "/api/v2/*", handle: Api.handler(2) },
    { name: "management API v3", path: "/api/v3/*", handle: Api.handler(3) },
    { name: "badges by tag", path: "/badge/*", handle: BadgeApi.handle },
    { name: "project metrics", path: "/projects/*", handle: MetricsApi.handle },
    { name: "badges of checks", path: "/b/*", handle: BadgeApi.handle },
  ],
}
