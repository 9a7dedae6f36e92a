#!/usr/bin/env node
/** The `overdue` command as a process: arguments, environment and streams go in, the exit code comes out. */
import { enableCompileCache } from "node:module"
import { homedir } from "node:os"
import { join } from "node:path"
import type { Io } from "./Io.ts"

// Without a compile cache, parsing would take half of a start. Node's default place for the cache is shared between
// users, so another user could leave code there for a job of root to run: hence a private one.
enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "overdue", "code"))
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
