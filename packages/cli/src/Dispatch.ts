/** Finds the command that the first words name, loads only that one, and runs it. */
import { takesValue } from "./Flags.ts"
import type { Command, Group, Registry } from "./Command.ts"
import type { Io } from "./Io.ts"
import { commands } from "./commands/index.ts"
import * as Version from "./Version.ts"

/** Runs a command line and resolves to its exit code. Rejects for bugs only. */
export const dispatch = async (args: readonly string[], io: Io): Promise<number> => {
  const [first] = args
  if (first === "--version" || first === "-V") {
    io.stdout.write(`overdue ${Version.read()}\n`)
    return 0
  }
  const asksHelp = first === "help"
  const found = await find(asksHelp ? args.slice(1) : args)
  switch (found.is) {
    case "unknown":
      return await refuse(found, io)
    case "group": {
      const Help = await import("./Help.ts")
      const isAsked = asksHelp || found.next !== undefined
      const output = isAsked ? io.stdout : io.stderr
      const width = Help.columnsOf(output)
      output.write(
        found.group === undefined
          ? Help.overview(commands, width)
          : Help.group(found.group, found.path, width),
      )
      return isAsked ? 0 : 2
    }
    case "command":
      if (asksHelp || wantsHelp(found.command, found.rest)) {
        const Help = await import("./Help.ts")
        io.stdout.write(await Help.page(found.command, Help.columnsOf(io.stdout)))
        return 0
      }
      try {
        return await found.command.run(found.rest, io, commands)
      } catch (error) {
        return await report(error, found.path.join(" "), io)
      }
  }
}

type Found =
  | {
      readonly is: "command"
      readonly command: Command
      readonly path: readonly string[]
      readonly rest: readonly string[]
    }
  /** The words end at a group, or before the first command; `next` is the flag that asks for help, if there is one. */
  | {
      readonly is: "group"
      readonly group: Group | undefined
      readonly path: readonly string[]
      readonly next: string | undefined
    }
  | {
      readonly is: "unknown"
      readonly word: string
      readonly path: readonly string[]
      readonly registry: Registry
    }

const find = async (words: readonly string[]): Promise<Found> => {
  let registry = commands
  let group: Group | undefined
  for (let index = 0; ; index++) {
    const word = words[index]
    const path = words.slice(0, index)
    if (word === undefined || word === "--help" || word === "-h")
      return { is: "group", group, path, next: word }
    if (!Object.hasOwn(registry, word)) return { is: "unknown", word, path, registry }
    const { command } = await registry[word]!.load()
    if ("run" in command) {
      return { is: "command", command, path: words.slice(0, index + 1), rest: words.slice(index + 1) }
    }
    group = command
    registry = command.commands
  }
}

const refuse = async (
  { word, path, registry }: Extract<Found, { is: "unknown" }>,
  io: Io,
): Promise<number> => {
  const names = Object.keys(registry)
  const { nearest } = await import("./Nearest.ts")
  const near = word.startsWith("-") ? undefined : nearest(word, names)
  const what = word.startsWith("-") ? "a command must come first, not the flag" : "there is no command"
  const hint = near === undefined ? `the commands are ${names.join(", ")}` : `did you mean ${near}?`
  io.stderr.write(`${["overdue", ...path].join(" ")}: ${what} ${word}; ${hint}\n`)
  return 2
}

/** Whether `--help` stands before `--`, and is not the value of a flag. */
const wantsHelp = (command: Command, args: readonly string[]): boolean => {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!
    if (arg === "--help" || arg === "-h") return true
    if (arg === "--") return false
    const flag = Object.entries(command.flags).find(
      ([name, { short }]) => arg === `--${name}` || arg === `-${short}`,
    )?.[1]
    if (flag !== undefined && takesValue(flag)) index++
  }
  return false
}

const report = async (error: unknown, name: string, io: Io): Promise<number> => {
  const tag = error instanceof Error && "_tag" in error ? error._tag : undefined
  if (tag !== "UsageError" && tag !== "Failure") throw error
  // A message may hold what a server has answered, such as a name that somebody gave to a check.
  const { plainLines } = await import("./Style.ts")
  // safe because a tag was read from an Error
  io.stderr.write(`overdue ${name}: ${plainLines((error as Error).message)}\n`)
  if (tag === "Failure") return 1
  io.stderr.write(`Run \`overdue help ${name}\` for help.\n`)
  return 2
}
