/** The script for zsh. */
import type { Candidates } from "./Candidates.ts"
import { grouped, type Words } from "./Words.ts"

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** Returns the script. It looks for the longest command that the words begin with, and offers what may follow it. */
export const script = (all: Words): string => {
  const groups = grouped(all)
  const next = [...groups].map(
    ([path, words]) =>
      `    ${quote(path)}) next=(${words.map(({ word, help }) => quote(`${word}:${help}`)).join(" ")}) ;;`,
  )
  const values = all.words.flatMap(({ path, word, short, values }) => {
    if (values === undefined) return []
    const flags = [word, ...(short === undefined ? [] : [`-${short}`])]
    return [
      `    ${flags.map((flag) => quote([...path, flag].join(" "))).join("|")}) is_value=1 offered=${words(values)} ;;`,
    ]
  })
  const args = [...all.arguments].flatMap(([path, candidates]) =>
    candidates.length === 0 ? [] : [`      ${quote(path)}) offered=${words(candidates)} ;;`],
  )
  return `#compdef overdue
# zsh completion for overdue
_overdue() {
  local -a next offered
  local command_path="" word is_value=""
  for word in \${words[2,CURRENT-1]}; do
    [[ $word == -- ]] && { _normal; return; }
  done
  for word in \${words[2,CURRENT-1]}; do
    case "$command_path\${command_path:+ }$word" in
${[...groups.keys()]
  .filter((path) => path !== "")
  .map((path) => `      ${quote(path)}) command_path=${quote(path)} ;;`)
  .join("\n")}
      *) break ;;
    esac
  done
  case "$command_path" in
${next.join("\n")}
  esac
  case "$command_path \${words[CURRENT-1]}" in
${values.join("\n")}
  esac
  if [[ -z $is_value && \${words[CURRENT]} != -* ]]; then
    case "$command_path" in
${args.join("\n")}
    esac
  fi
  if [[ -n $is_value || \${#offered} -gt 0 ]]; then
    compadd -a offered || _files
    return
  fi
  _describe 'overdue' next || _files
}
compdef _overdue overdue
`
}

const words = (candidates: Candidates): string =>
  typeof candidates === "string"
    ? `("\${(@f)$(\${words[1]} completion words ${candidates} 2>/dev/null)}")`
    : `(${candidates.map(quote).join(" ")})`
