/** The registry of subcommands; each is loaded only when it is asked for. */
import type { Registry } from "../Command.ts"

/** Every subcommand and group, in the order in which help lists them. */
export const commands: Registry = {
  serve: { summary: "run the server over one database", load: () => import("./serve.ts") },
  dialects: { summary: "list the APIs of a server, and where each is", load: () => import("./dialects.ts") },
  run: { summary: "run a command and report how it went", load: () => import("./run.ts") },
  ping: { summary: "send one signal to a check", load: () => import("./ping.ts") },
  agent: { summary: "measure this machine and report to a server monitor", load: () => import("./agent.ts") },
  probe: { summary: "ask targets from here, for a server elsewhere", load: () => import("./probe.ts") },
  spool: { summary: "list, send or delete signals kept on this machine", load: () => import("./spool.ts") },
  checks: { summary: "list, create, change and delete checks", load: () => import("./checks/index.ts") },
  snooze: { summary: "keep alerts back for a while", load: () => import("./snooze.ts") },
  unsnooze: { summary: "end the silence of checks", load: () => import("./unsnooze.ts") },
  watch: { summary: "watch the status of checks live", load: () => import("./watch.ts") },
  pings: { summary: "list the pings of a check, and print their bodies", load: () => import("./pings.ts") },
  events: { summary: "list what happened to checks, and why", load: () => import("./events.ts") },
  report: { summary: "print uptime, outages and runs of a month", load: () => import("./report.ts") },
  apply: { summary: "bring a project in line with a file", load: () => import("./apply.ts") },
  export: { summary: "print a project as a file for apply", load: () => import("./export.ts") },
  import: { summary: "move in from another server", load: () => import("./import/index.ts") },
  schedule: { summary: "explain, list and check schedules", load: () => import("./schedule/index.ts") },
  projects: {
    summary: "manage projects, their limits and ping keys",
    load: () => import("./projects/index.ts"),
  },
  keys: { summary: "manage the API keys of a project", load: () => import("./keys/index.ts") },
  channels: {
    summary: "say who is told: list, add, test, … channels",
    load: () => import("./channels/index.ts"),
  },
  alerts: {
    summary: "list alerts, and send them again or give them up",
    load: () => import("./alerts/index.ts"),
  },
  backup: { summary: "write the database and its secret to one file", load: () => import("./backup.ts") },
  restore: { summary: "make a database from a backup", load: () => import("./restore.ts") },
  dump: { summary: "write all of a database, to move it to another", load: () => import("./dump.ts") },
  load: { summary: "make a database hold what was dumped", load: () => import("./load.ts") },
  replay: { summary: "show what another policy would have alerted", load: () => import("./replay.ts") },
  advise: { summary: "suggest a grace time without false alarms", load: () => import("./advise.ts") },
  completion: { summary: "print a completion script for a shell", load: () => import("./completion.ts") },
}
