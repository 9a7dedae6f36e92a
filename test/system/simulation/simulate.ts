/** `pnpm simulate [SEED] [CHECKS NODES DAYS]`: one simulation, and what led to the first law that it broke. */
import { styleText } from "node:util"
import * as Simulation from "./Simulation.ts"

const given = process.argv.slice(2).filter((argument) => argument !== "--")
if (!given.every((number) => /^\d{1,15}$/.test(number))) {
  process.stderr.write("expected whole numbers: pnpm simulate [SEED] [CHECKS NODES DAYS]\n")
  process.exit(2)
}
const [seed = Math.floor(Math.random() * 2 ** 32), checks = 200, nodes = 3, days = 60] = given.map(Number)

const started = performance.now()
const { violations, counts, story } = await Simulation.run(seed, { checks, nodes, days })
const seconds = ((performance.now() - started) / 1000).toFixed(1)

for (const line of story) process.stdout.write(`${line}\n`)
for (const { law, check, what } of violations.slice(0, 20)) {
  process.stdout.write(`${styleText("red", `law ${law} is broken`)} (${check}): ${what}\n`)
}
process.stdout.write(`seed ${seed}: ${checks} checks on ${nodes} nodes for ${days} days, in ${seconds} s\n`)
process.stdout.write(`${JSON.stringify(counts)}\n${violations.length} violations\n`)
process.exitCode = violations.length === 0 ? 0 : 1
