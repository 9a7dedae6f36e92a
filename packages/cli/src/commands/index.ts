// The registry of subcommands; each is loaded only when it is asked for.
import type { Command } from "../Command.ts"

export interface Entry {
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}

export const commands: Readonly<Record<string, Entry>> = {}
