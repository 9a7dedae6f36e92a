/** The bugs that are planted, area by area. */
import { ofAgent } from "./Agent.ts"
import type { Area } from "./Bug.ts"
import { cli } from "./Cli.ts"
import { letIn } from "./Doors.ts"
import { engine } from "./Engine.ts"
import { observing } from "./Observing.ts"
import { moving } from "./Moving.ts"
import { outbox } from "./Outbox.ts"
import { probes } from "./Probes.ts"
import { postgres } from "./Postgres.ts"
import { ofProbedChecks } from "./Rounds.ts"
import { samples } from "./Samples.ts"
import { remoteProber } from "./RemoteProber.ts"
import { sender } from "./Sender.ts"
import { server } from "./Server.ts"
import { storage } from "./Storage.ts"
import { uptime } from "./Uptime.ts"
import { ofThresholds } from "./Thresholds.ts"
import { vendors } from "./Vendors.ts"

export const areas: readonly Area[] = [
  { name: "engine", bugs: engine },
  { name: "storage", bugs: storage },
  { name: "PostgreSQL", bugs: postgres },
  { name: "samples", bugs: samples },
  { name: "moving", bugs: moving },
  { name: "outbox", bugs: outbox },
  { name: "notifiers", bugs: sender },
  { name: "probes", bugs: probes },
  { name: "checks that are asked", bugs: ofProbedChecks },
  { name: "probers elsewhere", bugs: remoteProber },
  { name: "thresholds", bugs: ofThresholds },
  { name: "server", bugs: server },
  { name: "doors", bugs: letIn },
  { name: "other APIs", bugs: vendors },
  { name: "uptime", bugs: uptime },
  { name: "command line", bugs: cli },
  { name: "agent", bugs: ofAgent },
  { name: "watching", bugs: observing },
]
