/**
 * `pnpm fuzz`: 100,000 hostile requests and 5,000 hostile mails to a real server, from a seed that is printed.
 *
 * `--requests N`, `--mails N`, `--seed N`, and `--from N` (the first case) run something else, and `--store postgres`
 * something behind it.
 */
import { parseArgs } from "node:util"
import * as Databases from "../../kit/postgres/Databases.ts"
import * as StoreName from "../../kit/StoreName.ts"
import * as Fuzz from "./Fuzz.ts"

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    requests: { type: "string", default: "100000" },
    mails: { type: "string", default: "5000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    from: { type: "string", default: "0" },
    store: { type: "string", default: "sqlite" },
  },
})
const seed = Number(values.seed)
const store = StoreName.readOrExit(values.store, ["sqlite", "postgres"])
const databases = store === "postgres" ? await Databases.open() : undefined
console.log(`seed ${seed}`)
const startedAt = performance.now()
const { failures, answers, slowest, memory, ended } = await Fuzz.run({
  seed,
  requests: Number(values.requests),
  mails: Number(values.mails),
  from: Number(values.from),
  database: databases?.fresh(),
  onProgress: (share, megabytes) => console.log(`${Math.round(share * 100)} %, ${megabytes} MB`),
})
for (const { kind, index, seed, why, sent } of failures) {
  console.log(`\n${kind} ${index} of seed ${seed}: ${why}\n${sent}`)
}
const counts = [...answers]
  .toSorted(([a], [b]) => a.localeCompare(b))
  .map(([answer, count]) => `${answer}: ${count}`)
console.log(`\n${counts.join(", ")}`)
await databases?.[Symbol.asyncDispose]()
console.log(`memory ${memory[0] ?? 0} to ${memory.at(-1) ?? 0} MB, slowest answer ${Math.round(slowest)} ms`)
const errors = ended.stderr.split("\n").filter((line) => / level=(ERROR|FATAL) /.test(line))
for (const line of errors.slice(0, 5)) console.log(line)
const isSound = failures.length === 0 && errors.length === 0 && ended.code === 0
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
console.log(`${isSound ? "sound" : `NOT sound, ended by ${ended.code ?? ended.signal}`}, ${seconds} s`)
process.exitCode = isSound ? 0 : 1
