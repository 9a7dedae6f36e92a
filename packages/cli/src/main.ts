#!/usr/bin/env node
/** The `overdue` command as a process: arguments, environment and streams go in, the exit code comes out. */
import * as Folder from "./Folder.ts"
import type { Io } from "./Io.ts"
import * as NodeVersion from "./NodeVersion.ts"

// Nothing else is imported before this is known, and nothing that an old Node lacks: it would end in a stack trace.
const refusal = NodeVersion.refusal(process.versions.node)
if (refusal !== undefined) {
  process.stderr.write(`${refusal}\n`)
  process.exit(1)
}
const path = process.getBuiltinModule("node:path")

// Without a compile cache, parsing would take half of a start. Node's default place for the cache is shared between
// users, so another user could leave code there for a job of root to run: hence a private one.
try {
  const home = process.env.XDG_CACHE_HOME || path.join(Folder.home(), ".cache")
  const folder = path.join(home, "overdue", "code")
  Folder.make(folder)
  process.getBuiltinModule("node:module").enableCompileCache(folder)
} catch {
  // No home, as in a container, or one that cannot be written: the job runs all the same.
}

// A reader that is gone (`… | head`) is no error to report, and must not become the exit code of a job.
const deaf = (output: NodeJS.WriteStream) =>
  output.listenerCount("error") > 0 ? output : output.on("error", () => {})

const { dispatch } = await import("./Dispatch.ts")

// A stream of Node's makes a pipe non-blocking for everybody who shares it, so each is made only when it is used.
const io: Io = {
  environment: process.env,
  get stdin() {
    return process.stdin
  },
  get stdout() {
    return deaf(process.stdout)
  },
  get stderr() {
    return deaf(process.stderr)
  },
}
process.exitCode = await dispatch(process.argv.slice(2), io)
