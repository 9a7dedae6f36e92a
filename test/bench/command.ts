/** `overdue ping` and `overdue run -- true`, run from their sources, from start to exit, against `node -e 0`. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Race from "./start/Race.ts"

const main = new URL("../../packages/cli/src/main.ts", import.meta.url).pathname
const scratch = mkdtempSync(join(tmpdir(), "overdue-bench-"))

const [bare, , ping] = await Race.run((url) => {
  const environment = {
    HOME: scratch,
    OVERDUE_URL: url,
    OVERDUE_CHECK: "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c",
  }
  return [
    { name: "overdue --version", args: [main, "--version"], environment, signals: 0 },
    { name: "overdue ping", args: [main, "ping"], environment, signals: 1 },
    { name: "overdue run -- true", args: [main, "run", "--", "true"], environment, signals: 2 },
  ]
})
rmSync(scratch, { recursive: true })
Race.report("command", ping!, bare!)
