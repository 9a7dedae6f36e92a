/** The registry of endpoints. */
import type { Endpoint } from "../Endpoint.ts"
import * as Badges from "./Badges.ts"
import * as Channels from "./Channels.ts"
import * as Checks from "./Checks.ts"
import * as Deliveries from "./Deliveries.ts"
import * as Documentation from "./Documentation.ts"
import * as Flips from "./Flips.ts"
import * as OwnProject from "./OwnProject.ts"
import * as Pings from "./Pings.ts"
import * as Probes from "./Probes.ts"
import * as Projects from "./Projects.ts"
import * as Service from "./Service.ts"
import * as Silence from "./Silence.ts"
import * as Statistics from "./Statistics.ts"

const described: readonly Endpoint[] = [
  ...Checks.endpoints,
  ...Silence.endpoints,
  ...Pings.endpoints,
  ...Flips.endpoints,
  ...Statistics.endpoints,
  ...Channels.endpoints,
  ...Deliveries.endpoints,
  ...Badges.endpoints,
  ...OwnProject.endpoints,
  ...Projects.endpoints,
  ...Probes.endpoints,
  ...Service.endpoints,
]

/** Every endpoint, those of the documentation included. */
export const endpoints: readonly Endpoint[] = [...described, ...Documentation.make(described)]
