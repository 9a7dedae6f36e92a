#!/usr/bin/env node
/** The overdue command. */
import { enableCompileCache } from "node:module"
import { homedir } from "node:os"
import { join } from "node:path"

// Half of a start would go into parsing. Node's own place for this cache is a shared one, where another user could
// leave code for a job of root to run; hence a private one.
enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "overdue", "code"))
const { dispatch } = await import("./Dispatch.ts")

const { env: environment, stdin, stdout, stderr } = process
// A reader that has gone (`… | head`) is nothing to report, and must not become the exit code of a job.
for (const output of [stdout, stderr]) output.on("error", () => {})
process.exitCode = await dispatch(process.argv.slice(2), { environment, stdin, stdout, stderr })
