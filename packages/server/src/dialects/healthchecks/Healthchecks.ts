/** The dialect of Healthchecks: its management API in three versions, its badges and metrics. */
import * as BadgeApi from "./badges/BadgeApi.ts"
import * as MetricsApi from "./metrics/MetricsApi.ts"
import type { Dialect } from "../Dialect.ts"
import * as Api from "./management/Api.ts"

export const dialect: Dialect = {
  name: "healthchecks",
  routes: [
    { prefix: "/api/v1/", handle: Api.handler(1) },
    { prefix: "/api/v2/", handle: Api.handler(2) },
    { prefix: "/api/v3/", handle: Api.handler(3) },
    { prefix: "/badge/", handle: BadgeApi.handle },
    { prefix: "/projects/", handle: MetricsApi.handle },
    { prefix: "/b/", handle: BadgeApi.handle },
  ],
}
