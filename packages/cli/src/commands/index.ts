// The registry of subcommands; each is loaded only when it is asked for.
import type { Command } from "../Command.ts"

export interface Entry {
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}

export const commands: Readonly<Record<string, Entry>> = {
  serve: { summary: "serve the APIs over one database", load: () => import("./serve.ts") },
  run: { summary: "run a command and report how it went", load: () => import("./run.ts") },
  ping: { summary: "send one signal to a check", load: () => import("./ping.ts") },
  spool: { summary: "see and send the signals that wait on this machine", load: () => import("./spool.ts") },
}
