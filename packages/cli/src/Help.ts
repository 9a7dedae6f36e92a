/** The text of --help, made from the registry and from the flags of a command. */
import type { Command, Group, Registry } from "./Command.ts"
import type { Flag } from "./Flags.ts"

/** Returns the first page: every command with its summary, and where to start. */
export const overview = (commands: Registry): string =>
  [
    "overdue knows when a job is overdue.",
    "",
    "Usage",
    "  overdue COMMAND [OPTIONS]",
    "",
    "Commands",
    ...columns(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    "",
    "Start here",
    "  overdue serve                                   run the server on this machine",
    "  overdue run --slug backup --create -- ./backup  monitor a job, wherever it runs",
    "",
    "Environment",
    ...columns([
      ["OVERDUE_URL", "the server, https://… (default http://127.0.0.1:8000)"],
      ["OVERDUE_PING_KEY", "the project's ping key, for pings by slug"],
      ["OVERDUE_API_KEY", "an API key, for commands that manage checks"],
    ]),
    "",
    "`overdue help COMMAND` explains a command; `overdue --version` prints the version.",
    "",
  ].join("\n")

/** Returns the page of a word that has commands below it. */
export const group = ({ description, commands }: Group, path: readonly string[]): string =>
  [
    `Usage: overdue ${path.join(" ")} COMMAND [OPTIONS]`,
    "",
    description,
    "",
    "Commands",
    ...columns(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    "",
    `\`overdue help ${path.join(" ")} COMMAND\` explains a command.`,
    "",
  ].join("\n")

/**
 * Returns the page of a command: usage, what it does, its flags with their environment variables, its reference and the
 * details.
 */
export const page = async (command: Command): Promise<string> => {
  const flags = Object.entries(command.flags)
  return [
    ...command.usage.map((line, index) => `${index === 0 ? "Usage: " : "       "}overdue ${line}`),
    "",
    command.description,
    "",
    "Options",
    ...columns([
      ...flags.map(([name, flag]): [string, string] => [words(name, flag), meaning(flag)]),
      ["-h, --help", "print this text"],
    ]),
    "",
    ...((await command.reference?.()) ?? []).flatMap(({ title, rows }) => [title, ...columns(rows), ""]),
    ...(command.details === undefined ? [] : [command.details, ""]),
  ].join("\n")
}

/** Lays out two columns: the first as wide as its widest cell, the second wrapped so that lines have 100 characters. */
const columns = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.max(0, ...rows.map(([left]) => left.length))
  const indent = " ".repeat(width + 4)
  return rows.flatMap(([left, right]) =>
    wrap(right, 100 - indent.length).map((line, index) =>
      index === 0 ? `  ${left.padEnd(width)}  ${line}` : indent + line,
    ),
  )
}

const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === "" ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

const words = (name: string, flag: Flag): string => {
  const short = flag.short === undefined ? "" : `-${flag.short}, `
  if (flag.kind === "toggle") return `${short}--[no-]${name}`
  if (flag.kind === "switch") return `${short}--${flag.isOn ? "no-" : ""}${name}`
  return `${short}--${name} ${flag.value}`
}

const meaning = (flag: Flag): string => {
  const facts = [
    flag.kind === "text" && flag.choices !== undefined
      ? flag.choices.map((choice) => choice || '""').join(", ")
      : undefined,
    flag.alias === undefined ? undefined : `or --${flag.alias}`,
    flag.kind === "texts" ? "may be repeated" : undefined,
    flag.kind === "text" && flag.default !== undefined ? `default ${flag.default}` : undefined,
    flag.env,
  ].filter((fact) => fact !== undefined)
  return facts.length === 0 ? flag.help : `${flag.help} [${facts.join("; ")}]`
}
