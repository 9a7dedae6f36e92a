/** What `pnpm bench` is asked for, beside the name of a benchmark. */
import { parseArgs } from "node:util"
import * as StoreName from "../../kit/StoreName.ts"

/** The stores that outlive a process, which is what benchmarks of stores are about. */
const stores = ["sqlite", "postgres"] as const

/** The numbers of servers that share a database. */
const nodes = [1, 2, 4] as const

/** Which flags the benchmarks take; the others take none. */
const flags: Readonly<Record<string, readonly Flag[]>> = {
  list: ["store"],
  outage: ["store"],
  ping: ["store", "nodes"],
  sweep: ["store"],
}

type Flag = "store" | "nodes"

/** A benchmark, and what it is to run on. */
export interface Asked {
  /** `undefined`: none was named. */
  readonly name: string | undefined
  readonly store: (typeof stores)[number]
  readonly nodes: number
}

/** It cannot be run as it was asked for; the message says what can. */
export class Misuse extends Error {}

/** How a command line is written. */
export const usage =
  `usage: pnpm bench NAME [FLAG…]\n` +
  `  --store  of ${takers("store")}: ${stores.join(" or ")}, by default sqlite; postgres starts a server, or uses that of OVERDUE_TEST_POSTGRES\n` +
  `  --nodes  of ${takers("nodes")}, on postgres: how many servers share the database: ${nodes.join(", ")}\n`

function takers(flag: Flag): string {
  return Object.keys(flags)
    .filter((name) => flags[name]!.includes(flag))
    .join(", ")
}

/** Reads the arguments of a command line; fails with a `Misuse`. */
export const read = (args: readonly string[] = process.argv.slice(2)): Asked => {
  // pnpm hands a separating "--" on.
  const given = args.filter((argument) => argument !== "--")
  try {
    const options = { store: { type: "string" }, nodes: { type: "string" } } as const
    const { values, positionals } = parseArgs({ args: given, options, allowPositionals: true })
    const [name, more] = positionals
    if (more !== undefined) throw new Misuse(`one benchmark at a time, not also "${more}"`)
    for (const flag of ["store", "nodes"] as const) {
      if (values[flag] !== undefined && name !== undefined && !flags[name]?.includes(flag))
        throw new Misuse(`--${flag} is a flag of ${takers(flag)}, not of ${name}`)
    }
    const store = StoreName.read(values.store ?? "sqlite", stores)
    const count = nodes.find((one) => String(one) === (values.nodes ?? "1"))
    if (count === undefined) throw new Misuse(`--nodes: expected ${nodes.join(", ")}, not "${values.nodes}"`)
    if (count > 1 && store !== "postgres")
      throw new Misuse("several nodes share a database in PostgreSQL: --store postgres")
    return { name, store, nodes: count }
  } catch (cause) {
    throw cause instanceof Misuse ? cause : new Misuse(cause instanceof Error ? cause.message : String(cause))
  }
}
