/**
 * `pnpm mutate`: plants errors, and counts how many of them the tests notice. `pnpm mutate core` changes each expression of
 * the core in turn; `pnpm mutate planted` plants a list of bugs in what surrounds it, or, with a word after it, those
 * whose file or sentence contains the word.
 *
 * Takes many minutes, and so is no part of `pnpm test`.
 */
import * as Core from "./Core.ts"
import * as Planted from "./Planted.ts"

const [part, word] = process.argv.slice(2)
if (part !== undefined && part !== "core" && part !== "planted") {
  throw new Error(`expected core, planted or nothing, not ${JSON.stringify(part)}`)
}
const isCoreWell = part === "planted" || Core.run()
const isRestWell = part === "core" || (await Planted.run(word))
process.exitCode = isCoreWell && isRestWell ? 0 : 1
