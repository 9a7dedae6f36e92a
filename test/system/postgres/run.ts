/**
 * `pnpm postgres [FOLDER]`: the laws of stores, the journeys and all recordings on another PostgreSQL than the one that
 * `pnpm test` brings along: that of the folder with its programs, by default the oldest of this machine.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { variable } from "../../kit/postgres/Binaries.ts"

/** Where Debian and its kin keep PostgreSQL: a folder for each major version. */
const installed = "/usr/lib/postgresql"

const root = new URL("../../..", import.meta.url).pathname

const oldest = (): string | undefined => {
  if (!existsSync(installed)) return undefined
  const [version] = readdirSync(installed).toSorted((a, b) => Number(a) - Number(b))
  return version === undefined ? undefined : join(installed, version, "bin")
}

/** Runs a program of this workspace on the PostgreSQL of a folder, and returns whether it succeeded. */
const succeeds = (bin: string, ...args: readonly string[]): boolean => {
  const { OVERDUE_TEST_POSTGRES: _, ...environment } = process.env
  // Whoever runs this wants to know: nothing is skipped.
  const env = { ...environment, [variable]: bin, CI: "true" }
  return spawnSync(process.execPath, args, { cwd: root, env, stdio: "inherit" }).status === 0
}

const bin = process.argv.slice(2).find((argument) => argument !== "--") ?? oldest()

if (bin === undefined || !existsSync(join(bin, "postgres"))) {
  process.stderr.write(
    `there is no program postgres in ${bin ?? installed}: install the package postgresql, or name the folder of its programs\n` +
      "usage: pnpm postgres [FOLDER]\n",
  )
  process.exitCode = 2
} else {
  process.stdout.write(execFileSync(join(bin, "postgres"), ["--version"]))
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
  const config = ["--config", "test/vitest.config.ts"]
  const recordings = ["healthchecks.transcripts", "dialects.examples"]
  const outcomes = [
    succeeds(
      bin,
      vitest,
      "run",
      ...config,
      "--reporter=dot",
      "packages/storage/test/postgres",
      "test/system/postgres",
    ),
    ...recordings.map((name) => {
      process.stdout.write(`${name}: `)
      const file = `test/truth/recordings/${name}.jsonl`
      return succeeds(bin, "test/truth/conformance.ts", "--store", "postgres", file)
    }),
  ]
  process.exitCode = outcomes.every(Boolean) ? 0 : 1
}
