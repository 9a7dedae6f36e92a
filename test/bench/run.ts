/** `pnpm bench NAME`: runs one benchmark; each file beside this one is one. */
import { readdirSync } from "node:fs"
import * as Asked from "./store/Asked.ts"

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && entry.name !== "run.ts")
  .map((entry) => entry.name.slice(0, -".ts".length))
  .toSorted()

const refuse = (why: string): void => {
  process.stderr.write(`${why}\n${Asked.usage}\nNAME is ${names.join(", ")}\n`)
  process.exitCode = 2
}

/** Returns the name of the benchmark that is asked for; `undefined` when it has said why there is none. */
const chosen = (): string | undefined => {
  try {
    const { name } = Asked.read()
    if (name !== undefined && names.includes(name)) return name
    refuse(name === undefined ? "expected the name of a benchmark" : `there is no benchmark "${name}"`)
  } catch (cause) {
    if (!(cause instanceof Asked.Misuse)) throw cause
    refuse(cause.message)
  }
  return undefined
}

const name = chosen()
if (name !== undefined) await import(`./${name}.ts`)
