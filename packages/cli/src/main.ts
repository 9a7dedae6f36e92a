#!/usr/bin/env node
/** The `overdue` command as a process: arguments, environment and streams go in, the exit code comes out. */
import * as NodeVersion from "./NodeVersion.ts"

// Nothing else is imported before this is known, and nothing that an old Node lacks: it would end in a stack trace.
const refusal = NodeVersion.refusal(process.versions.node)
if (refusal !== undefined) {
  process.stderr.write(`${refusal}\n`)
  process.exit(1)
}
const [os, path] = [process.getBuiltinModule("node:os"), process.getBuiltinModule("node:path")]

// Without a compile cache, parsing would take half of a start. Node's default place for the cache is shared between
// users, so another user could leave code there for a job of root to run: hence a private one.
process
  .getBuiltinModule("node:module")
  .enableCompileCache(
    path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "overdue", "code"),
  )
const { dispatch } = await import("./Dispatch.ts")

const { env: environment, stdin, stdout, stderr } = process
// A reader that is gone (`… | head`) is no error to report, and must not become the exit code of a job.
for (const output of [stdout, stderr]) output.on("error", () => {})
process.exitCode = await dispatch(process.argv.slice(2), { environment, stdin, stdout, stderr })
