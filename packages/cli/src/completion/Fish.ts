/** The script for fish. */
import type { Candidates } from "./Candidates.ts"
import type { Words } from "./Words.ts"

const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`

/** Returns the script: a line for each word, with the condition under which it may come next. */
export const script = ({ words, arguments: args }: Words): string => {
  const at = (path: readonly string[]) => `__overdue_at ${path.map(quote).join(" ")}`
  const lines = words.map(({ path, word, short, help, values }) => {
    const condition = path.length === 0 ? "__fish_use_subcommand" : at(path)
    const flag = `${short === undefined ? "" : `-s ${short} `}-l ${word.slice(2)}`
    const what = word.startsWith("--") ? flag + valueOf(values) : `-f -a ${quote(word)}`
    return `complete -c overdue -n ${quote(condition)} ${what} -d ${quote(help)}`
  })
  const offered = [...args].flatMap(([path, candidates]) =>
    candidates.length === 0
      ? []
      : [`complete -c overdue -n ${quote(at(path.split(" ")))} -f -a ${quote(listOf(candidates))}`],
  )
  return `# fish completion for overdue
function __overdue_at
  set -l words (commandline -opc)[2..]
  test (count $words) -ge (count $argv); and test "$words[1..$(count $argv)]" = "$argv"
end
${[...lines, ...offered].join("\n")}
`
}

/** A flag with a value of which nothing is known may be followed by a file. */
const valueOf = (values: Candidates | undefined): string => {
  if (values === undefined) return ""
  return values.length === 0 ? " -r" : ` -x -a ${quote(listOf(values))}`
}

const listOf = (candidates: Candidates): string =>
  typeof candidates === "string"
    ? `(overdue completion words ${candidates} 2>/dev/null)`
    : candidates.join(" ")
