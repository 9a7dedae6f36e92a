/**
 * Programs of others that tests need. Those that are missing are installed from their Debian package where `CI` is set,
 * in bounded time; anywhere else a test that needs them is skipped and says why, so that no slow mirror holds up a run.
 */
import { execFile, spawnSync } from "node:child_process"
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import type { TestContext } from "vitest"

/** Milliseconds that apt-get may take for one package. */
const installTime = 120_000

export interface Outcome {
  /** Exit code. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. */
export type Run = (
  args: readonly string[],
  options?: { readonly stdin?: string | Uint8Array; readonly environment?: Readonly<Record<string, string>> },
) => Promise<Outcome>

/** A program that is there; or else skips the test that needs it. */
export const need = (context: TestContext, program: string, debianPackage = program): Run => {
  const path = find(program) ?? install(program, debianPackage)
  if (path === undefined) {
    context.skip(
      `${program} is not installed; it is in the Debian package ${debianPackage}, which tests install where CI is set`,
    )
  }
  return (args, options = {}) =>
    new Promise((resolve) => {
      const env = { ...process.env, ...options.environment }
      const child = execFile(path!, args, { env, timeout: 50_000 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
      })
      // A program that reads nothing may be gone before it is given anything.
      child.stdin?.on("error", () => {})
      child.stdin?.end(options.stdin ?? "")
    })
}

const find = (program: string): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find(isExecutable)

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Of Debian. */
const installer = "apt-get"

const install = (program: string, debianPackage: string): string | undefined => {
  if (!process.env["CI"]) return undefined
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  const options = { env, timeout: installTime, stdio: "ignore" } as const
  spawnSync(installer, ["update", "-qq"], options)
  spawnSync(installer, ["install", "-y", "-qq", "--no-install-recommends", debianPackage], options)
  return find(program)
}
