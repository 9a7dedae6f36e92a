/** Every word that a command line may have next, from which the scripts of the shells are made. */
import type { Registry } from "../Command.ts"
import * as Candidates from "./Candidates.ts"

/** A command or a flag. */
export interface Word {
  /** The words that must stand before it; none for a command of the first level. */
  readonly path: readonly string[]
  readonly word: string
  /** One letter, without the dash. */
  readonly short?: string | undefined
  readonly help: string
  /** What may stand after a flag; `undefined` when nothing belongs to it. */
  readonly values?: Candidates.Candidates | undefined
}

/** Everything that is completed. */
export interface Words {
  readonly words: readonly Word[]
  /** What may be an argument, by the words of the command. */
  readonly arguments: ReadonlyMap<string, Candidates.Candidates>
}

/** Returns every word of a command and every flag, with the words that must stand before it. */
export const of = async (registry: Registry, path: readonly string[] = []): Promise<Words> => {
  const words: Word[] = []
  const args = new Map<string, Candidates.Candidates>()
  for (const [name, { summary, load }] of Object.entries(registry)) {
    words.push({ path, word: name, help: summary })
    const { command } = await load()
    const below = [...path, name]
    if (!("run" in command)) {
      const inner = await of(command.commands, below)
      words.push(...inner.words)
      for (const [path, candidates] of inner.arguments) args.set(path, candidates)
      continue
    }
    args.set(below.join(" "), await Candidates.ofArguments(command))
    for (const [name, flag] of Object.entries(command.flags)) {
      const isOn = flag.kind === "switch" && flag.isOn === true
      const word = `--${isOn ? "no-" : ""}${name}`
      words.push({ path: below, word, short: flag.short, help: flag.help, values: Candidates.ofFlag(flag) })
    }
    words.push({ path: below, word: "--help", help: "print help" })
  }
  return { words, arguments: args }
}

/** Returns the words by those that must stand before them. */
export const grouped = ({ words }: Words): ReadonlyMap<string, readonly Word[]> =>
  Map.groupBy(words, ({ path }) => path.join(" "))
