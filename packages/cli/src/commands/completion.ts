/** `overdue completion`: a script with which a shell completes commands, flags and their values. */
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { parse } from "../Flags.ts"
import { nearest } from "../Nearest.ts"

const shells = ["bash", "zsh", "fish"] as const

export const command: Command = {
  name: "completion",
  usage: ["completion bash | zsh | fish", "completion words checks | tags | zones"],
  description:
    "Prints a script with which the shell completes commands, flags, their values, and names of checks.",
  flags: {},
  details: [
    "  bash  overdue completion bash > ~/.local/share/bash-completion/completions/overdue",
    "  zsh   overdue completion zsh > ~/.zfunc/_overdue    (with fpath+=~/.zfunc before compinit)",
    "  fish  overdue completion fish > ~/.config/fish/completions/overdue.fish",
    "",
    "Checks and tags are completed when OVERDUE_API_KEY is set and the server, OVERDUE_URL, answers within 300 ms, or",
    "what OVERDUE_COMPLETION_WAIT says, such as 2s; the",
    "scripts ask for them with `overdue completion words`.",
  ].join("\n"),

  async run(args, io, registry) {
    const { positionals } = parse({}, args, io.environment)
    const [word, ...surplus] = positionals
    if (word === "words") {
      const { lookUp, sources } = await import("../completion/Candidates.ts")
      const source = sources.find((source) => source === surplus[0])
      if (source === undefined || surplus.length > 1) {
        throw new UsageError(`name one kind of words: ${sources.join(", ")}`)
      }
      for (const found of await lookUp(source, io.environment)) io.stdout.write(`${found}\n`)
      return 0
    }
    const shell = shells.find((shell) => shell === word)
    if (shell === undefined || surplus.length > 0) {
      const near = nearest(word ?? "", shells)
      throw new UsageError(
        `name one shell: ${shells.join(", ")}${near === undefined ? "" : `; did you mean ${near}?`}`,
      )
    }
    const Words = await import("../completion/Words.ts")
    const { script } = await scripts[shell]()
    io.stdout.write(script(await Words.of(registry)))
    return 0
  },
}

const scripts = {
  bash: () => import("../completion/Bash.ts"),
  zsh: () => import("../completion/Zsh.ts"),
  fish: () => import("../completion/Fish.ts"),
} as const
