/** `pnpm bench NAME`: runs one benchmark; each file beside this one is one. */
import { readdirSync } from "node:fs"

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && entry.name !== "run.ts")
  .map((entry) => entry.name.slice(0, -".ts".length))
  .toSorted()

const name = process.argv.slice(2).find((argument) => argument !== "--")

if (name !== undefined && names.includes(name)) {
  await import(`./${name}.ts`)
} else {
  const why = name === undefined ? "" : `there is no benchmark "${name}"\n`
  process.stderr.write(`${why}usage: pnpm bench NAME, where NAME is ${names.join(", ")}\n`)
  process.exitCode = 2
}
