/** The text of --help, made from the registry and from the flags of a command. */
import { usualExits, wrongLine, type Command, type Group, type Registry } from "./Command.ts"
import type { Flag } from "./Flags.ts"
import type { Output } from "./Io.ts"
import { wrap } from "./Width.ts"

/** Returns how wide help is on a stream: as its terminal, but from 60 to 100 columns, which people like to read. */
export const columnsOf = ({ isTTY, columns }: Output): number =>
  isTTY === true && columns ? Math.min(100, Math.max(60, columns)) : 100

/** Returns the first page: every command with its summary, and where to start. */
export const overview = (commands: Registry, width: number): string =>
  [
    "overdue knows when a job is overdue.",
    "",
    "Usage",
    "  overdue COMMAND [OPTIONS]",
    "",
    "Commands",
    ...columns(
      Object.entries(commands).map(([name, { summary }]) => [name, summary]),
      width,
    ),
    "",
    "Start here",
    ...columns(
      [
        ["overdue serve", "run the server on this machine"],
        ["overdue run --slug backup --create -- ./backup", "monitor a job, wherever it runs"],
      ],
      width,
    ),
    "",
    "Environment",
    ...columns(
      [
        ["OVERDUE_URL", "the server, https://… (default http://127.0.0.1:8000)"],
        ["OVERDUE_PING_KEY", "the project's ping key, for pings by slug"],
        ["OVERDUE_API_KEY", "an API key, for commands that manage checks"],
      ],
      width,
    ),
    "",
    ...wrap("`overdue help COMMAND` explains a command; `overdue --version` prints the version.", width),
    "",
  ].join("\n")

/** Returns the page of a word that has commands below it. */
export const group = ({ description, commands }: Group, path: readonly string[], width: number): string =>
  [
    `Usage: overdue ${path.join(" ")} COMMAND [OPTIONS]`,
    "",
    ...wrap(description, width),
    "",
    "Commands",
    ...columns(
      Object.entries(commands).map(([name, { summary }]) => [name, summary]),
      width,
    ),
    "",
    `\`overdue help ${path.join(" ")} COMMAND\` explains a command.`,
    "",
  ].join("\n")

/**
 * Returns the page of a command: usage, what it does, its flags with their environment variables, its reference, the
 * details, and the exit codes.
 */
export const page = async (command: Command, width = 100): Promise<string> => {
  const flags = Object.entries(command.flags)
  return [
    ...command.usage.flatMap((line, index) =>
      hanging(index === 0 ? "Usage: " : "       ", `overdue ${line}`, width),
    ),
    "",
    ...wrap(command.description, width),
    "",
    "Options",
    ...columns(
      [
        ...flags.map(([name, flag]): [string, string] => [words(name, flag), meaning(flag)]),
        ["-h, --help", "print this text"],
      ],
      width,
    ),
    "",
    ...((await command.reference?.()) ?? []).flatMap(({ title, rows }) => [
      ...wrap(title, width),
      ...columns(rows, width),
      "",
    ]),
    ...(command.details === undefined ? [] : [...reflow(command.details, width), ""]),
    "Exit codes",
    ...columns(Object.entries({ ...(command.exits ?? usualExits), ...wrongLine }), width),
    "",
  ].join("\n")
}

/**
 * Lays out two columns: the first as wide as its widest cell, the second wrapped to the width. A first column that takes
 * more than half of it has its second one below.
 */
const columns = (rows: readonly (readonly [string, string])[], width: number): readonly string[] => {
  const first = Math.max(0, ...rows.map(([left]) => left.length))
  if (first + 4 > width / 2 && rows.some(([, right]) => first + 4 + right.length > width)) {
    return rows.flatMap(([left, right]) => [
      ...hanging("  ", left, width),
      ...hanging("      ", right, width),
    ])
  }
  return rows.flatMap(([left, right]) => hanging(`  ${left.padEnd(first)}  `, right, width))
}

/** Wraps a text, with what stands before its first line, and as many blanks before the others. */
const hanging = (before: string, text: string, width: number): readonly string[] =>
  wrap(text, width - before.length).map((line, index) =>
    index === 0 ? before + line : " ".repeat(before.length) + line,
  )

/** What is indented and has two columns: a word, and after some blanks its meaning. */
const row = /^( +\S.*? {2,})(?=\S)/

/** Wraps paragraphs, and rows that are too long. Examples stay as they are, to be copied. */
const reflow = (text: string, width: number): readonly string[] => {
  const lines: string[] = []
  let paragraph: string[] = []
  let title = ""
  const end = (): void => {
    if (paragraph.length > 0) lines.push(...wrap(paragraph.join(" "), width))
    paragraph = []
  }
  for (const line of text.split("\n")) {
    const isTitle = /^[A-Z]\w+( \w+)?$/.test(line)
    if (line !== "" && !line.startsWith(" ") && !isTitle) {
      paragraph.push(line)
      continue
    }
    end()
    if (isTitle) title = line
    const before = row.exec(line)?.[0] ?? (title === "" || /^Examples?$/.test(title) ? undefined : "  ")
    const isLong = line.length > width && before !== undefined && before.length < width / 2
    lines.push(...(isLong ? hanging(before, line.slice(before.length), width) : [line]))
  }
  end()
  return lines
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
