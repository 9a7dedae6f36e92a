/** The registry of subcommands; each is loaded only when it is asked for. */
import type { Registry } from "../Command.ts"

export const commands: Registry = {
  serve: { summary: "serve the APIs over one database", load: () => import("./serve.ts") },
  run: { summary: "run a command and report how it went", load: () => import("./run.ts") },
  ping: { summary: "send one signal to a check", load: () => import("./ping.ts") },
  spool: { summary: "see and send the signals that wait on this machine", load: () => import("./spool.ts") },
  checks: { summary: "look at checks and change them", load: () => import("./checks/index.ts") },
  watch: { summary: "see the checks live", load: () => import("./watch.ts") },
  apply: { summary: "make a project what a file says", load: () => import("./apply.ts") },
  export: { summary: "print a project as such a file", load: () => import("./export.ts") },
  schedule: { summary: "explain, list and check schedules", load: () => import("./schedule/index.ts") },
  projects: { summary: "list and make projects, on a database", load: () => import("./projects/index.ts") },
  keys: { summary: "manage API keys, on a database", load: () => import("./keys/index.ts") },
  channels: { summary: "manage channels, on a database", load: () => import("./channels/index.ts") },
  replay: { summary: "see what another policy would have told", load: () => import("./replay.ts") },
  advise: { summary: "find a grace that raises no false alarm", load: () => import("./advise.ts") },
  completion: { summary: "teach a shell these commands", load: () => import("./completion.ts") },
}
