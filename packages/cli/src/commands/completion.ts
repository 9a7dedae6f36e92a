/** `overdue completion`: a script with which a shell completes commands and flags. */
import type { Command, Registry } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { parse } from "../Flags.ts"
import { nearest } from "../Nearest.ts"

const shells = ["bash", "zsh", "fish"] as const

export const command: Command = {
  name: "completion",
  usage: ["completion bash | zsh | fish"],
  description: "Prints a script with which the shell completes commands and flags.",
  flags: {},
  details: [
    "  bash  overdue completion bash > ~/.local/share/bash-completion/completions/overdue",
    "  zsh   overdue completion zsh > ~/.zfunc/_overdue    (with fpath+=~/.zfunc before compinit)",
    "  fish  overdue completion fish > ~/.config/fish/completions/overdue.fish",
  ].join("\n"),

  async run(args, io, registry) {
    const { positionals } = parse({}, args, io.environment)
    const [word, ...surplus] = positionals
    const shell = shells.find((shell) => shell === word)
    if (shell === undefined || surplus.length > 0) {
      const near = nearest(word ?? "", shells)
      throw new UsageError(
        `name one shell: ${shells.join(", ")}${near === undefined ? "" : `; did you mean ${near}?`}`,
      )
    }
    const words = await list(registry, [])
    io.stdout.write(shell === "bash" ? bash(words) : shell === "zsh" ? zsh(words) : fish(words))
    return 0
  },
}

interface Word {
  /** The words that must stand before it; none for a command of the first level. */
  readonly path: readonly string[]
  readonly word: string
  readonly help: string
}

/** Returns every word of a command and every flag, with the words that must stand before it. */
const list = async (registry: Registry, path: readonly string[]): Promise<readonly Word[]> => {
  const words: Word[] = []
  for (const [name, { summary, load }] of Object.entries(registry)) {
    words.push({ path, word: name, help: summary })
    const { command } = await load()
    const below = [...path, name]
    if (!("run" in command)) {
      words.push(...(await list(command.commands, below)))
      continue
    }
    for (const [flag, { kind, help, ...more }] of Object.entries(command.flags)) {
      const isOn = kind === "switch" && "isOn" in more && more.isOn
      words.push({ path: below, word: `--${isOn ? "no-" : ""}${flag}`, help })
    }
    words.push({ path: below, word: "--help", help: "print help" })
  }
  return words
}

const grouped = (words: readonly Word[]): ReadonlyMap<string, readonly Word[]> =>
  Map.groupBy(words, ({ path }) => path.join(" "))

/** The shell looks for the longest command that its words begin with, and offers what may follow that command. */
const bash = (words: readonly Word[]): string => {
  const cases = [...grouped(words)].map(
    ([path, words]) => `    ${JSON.stringify(path)}) next="${words.map(({ word }) => word).join(" ")}" ;;`,
  )
  return `# bash completion for overdue
_overdue() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word next=""
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -- ]] && return
  done
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path\${path:+ }$word" in
${[...grouped(words).keys()]
  .filter((path) => path !== "")
  .map((path) => `      ${JSON.stringify(path)}) path="${path}" ;;`)
  .join("\n")}
      *) break ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$next" -- "$current"))
}
complete -o default -F _overdue overdue
`
}

const zsh = (words: readonly Word[]): string => {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  const cases = [...grouped(words)].map(
    ([path, words]) =>
      `    ${quote(path)}) next=(${words.map(({ word, help }) => quote(`${word}:${help}`)).join(" ")}) ;;`,
  )
  return `#compdef overdue
# zsh completion for overdue
_overdue() {
  local -a next
  local command_path="" word
  for word in \${words[2,CURRENT-1]}; do
    [[ $word == -- ]] && { _normal; return; }
  done
  for word in \${words[2,CURRENT-1]}; do
    case "$command_path\${command_path:+ }$word" in
${[...grouped(words).keys()]
  .filter((path) => path !== "")
  .map((path) => `      ${quote(path)}) command_path=${quote(path)} ;;`)
  .join("\n")}
      *) break ;;
    esac
  done
  case "$command_path" in
${cases.join("\n")}
  esac
  _describe 'overdue' next || _files
}
compdef _overdue overdue
`
}

const fish = (words: readonly Word[]): string => {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
  const lines = words.map(({ path, word, help }) => {
    const condition =
      path.length === 0 ? "__fish_use_subcommand" : `__overdue_at ${path.map(quote).join(" ")}`
    const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${quote(word)}`
    return `complete -c overdue -n ${quote(condition)} ${what} -d ${quote(help)}`
  })
  return `# fish completion for overdue
function __overdue_at
  set -l words (commandline -opc)[2..]
  test (count $words) -ge (count $argv); and test "$words[1..$(count $argv)]" = "$argv"
end
${lines.join("\n")}
`
}
