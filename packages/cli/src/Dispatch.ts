// Reads the first word of a command line and loads only what that word needs.
import { readFileSync } from "node:fs"
import type { Command, Io } from "./Command.ts"
import { commands } from "./commands/index.ts"

/** Runs one command line to its end and resolves to the exit code; only bugs reject. */
export async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const [word, ...rest] = args
  if (word === "--version" || word === "-V") {
    io.stdout.write(`overdue ${version()}\n`)
    return 0
  }
  if (word === undefined || word === "--help" || word === "-h" || (word === "help" && rest.length === 0)) {
    const { overview } = await import("./Help.ts")
    const isAsked = word !== undefined
    ;(isAsked ? io.stdout : io.stderr).write(overview(commands))
    return isAsked ? 0 : 2
  }
  const name = word === "help" ? rest[0]! : word
  if (!Object.hasOwn(commands, name)) return await refuse(name, io)
  const { command } = await commands[name]!.load()
  if (word === "help" || asksHelp(command, rest)) {
    const { page } = await import("./Help.ts")
    io.stdout.write(page(command))
    return 0
  }
  try {
    return await command.run(rest, io)
  } catch (error) {
    return report(error, name, io)
  }
}

async function refuse(word: string, io: Io): Promise<number> {
  const names = Object.keys(commands)
  const { nearest } = await import("./Nearest.ts")
  const near = nearest(word, names)
  const what = word.startsWith("-") ? "a command comes first, and there is no flag" : "there is no command"
  io.stderr.write(
    `overdue: ${what} ${word}; ${near === undefined ? `the commands are ${names.join(", ")}` : `did you mean ${near}?`}\n`,
  )
  return 2
}

/** `--help` before `--`, unless it is the value of a flag. */
function asksHelp(command: Command, args: readonly string[]): boolean {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!
    if (arg === "--help" || arg === "-h") return true
    if (arg === "--") return false
    const flag = Object.entries(command.flags).find(
      ([name, { short }]) => arg === `--${name}` || arg === `-${short}`,
    )?.[1]
    if (flag !== undefined && flag.kind !== "switch") index++
  }
  return false
}

function report(error: unknown, name: string, io: Io): number {
  const tag = error instanceof Error && "_tag" in error ? error._tag : undefined
  if (tag !== "UsageError" && tag !== "Failure") throw error
  // safe because a tag was read from an Error
  io.stderr.write(`overdue ${name}: ${(error as Error).message}\n`)
  if (tag === "Failure") return 1
  io.stderr.write(`\`overdue help ${name}\` lists what it takes.\n`)
  return 2
}

function version(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  )
  return manifest.version
}
