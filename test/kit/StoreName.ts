/** The stores that commands for tests and benchmarks can be asked for, by `--store`. */

/** All of them. */
export const all = ["memory", "sqlite", "postgres"] as const

/** One of them. */
export type StoreName = (typeof all)[number]

/** An unknown store; the message says which there are. */
export class Unknown extends Error {}

/** Returns the store with a name, among those that are there for a command; fails with an `Unknown`. */
export const read = <A extends StoreName>(name: string, among: readonly A[]): A => {
  const found = among.find((one) => one === name)
  if (found === undefined) throw new Unknown(`--store: expected ${among.join(", ")}, not "${name}"`)
  return found
}

/** The same for a command that has nothing else to say of its arguments: it ends with exit code 2. */
export const readOrExit = <A extends StoreName>(name: string, among: readonly A[]): A => {
  try {
    return read(name, among)
  } catch (cause) {
    if (!(cause instanceof Unknown)) throw cause
    process.stderr.write(`${cause.message}\n`)
    process.exit(2)
  }
}
