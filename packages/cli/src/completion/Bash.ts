/** The script for bash. */
import type { Candidates } from "./Candidates.ts"
import { grouped, type Words } from "./Words.ts"

/**
 * Returns the script. It looks for the longest command that the words begin with, and offers what may follow it. Words
 * that a server knows are compared and not expanded: `compgen -W` would run what stands in them.
 */
export const script = (all: Words): string => {
  const groups = grouped(all)
  const next = [...groups].map(
    ([path, words]) => `    ${JSON.stringify(path)}) next="${words.map(({ word }) => word).join(" ")}" ;;`,
  )
  const values = all.words.flatMap(({ path, word, short, values }) => {
    if (values === undefined) return []
    const flags = [word, ...(short === undefined ? [] : [`-${short}`])]
    const patterns = flags.map((flag) => JSON.stringify([...path, flag].join(" "))).join("|")
    return [`    ${patterns}) isValue=1 next=${words(values)} ;;`]
  })
  const args = [...all.arguments].flatMap(([path, candidates]) =>
    candidates.length === 0 ? [] : [`      ${JSON.stringify(path)}) next=${words(candidates)} ;;`],
  )
  return `# bash completion for overdue
_overdue() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word next="" flag="" isValue=""
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -- ]] && return
  done
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path\${path:+ }$word" in
${[...groups.keys()]
  .filter((path) => path !== "")
  .map((path) => `      ${JSON.stringify(path)}) path="${path}" ;;`)
  .join("\n")}
      *) break ;;
    esac
  done
  case "$path" in
${next.join("\n")}
  esac
  flag="\${COMP_WORDS[COMP_CWORD-1]}"
  # "=" is a word of its own here.
  [[ $flag == "=" ]] && flag="\${COMP_WORDS[COMP_CWORD-2]}"
  [[ $current == "=" ]] && current=""
  case "$path $flag" in
${values.join("\n")}
  esac
  if [[ -z $isValue && $current != -* ]]; then
    case "$path" in
${args.join("\n")}
    esac
  fi
  for word in $next; do
    [[ $word == "$current"* ]] && COMPREPLY+=("$word")
  done
}
complete -o default -F _overdue overdue
`
}

const words = (candidates: Candidates): string =>
  typeof candidates === "string"
    ? `"$("\${COMP_WORDS[0]}" completion words ${candidates} 2>/dev/null)"`
    : `"${candidates.join(" ")}"`
