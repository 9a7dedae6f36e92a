/** The ping action from start to exit, its signal delivered to a server on loopback, against `node -e 0`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Race from "./start/Race.ts"

const action = new URL("../../actions/ping/dist/index.js", import.meta.url).pathname
const scratch = mkdtempSync(join(tmpdir(), "overdue-bench-"))
const output = join(scratch, "output")
writeFileSync(output, "")

const [bare, main] = await Race.run((url) => {
  const environment = {
    GITHUB_OUTPUT: output,
    GITHUB_STATE: output,
    INPUT_URL: `${url}/ping/7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c`,
  }
  const state = {
    STATE_stage: "started",
    STATE_rid: "123e4567-e89b-42d3-a456-426614174000",
    STATE_startedAt: "0",
  }
  return [
    { name: "ping, main", args: [action], environment, signals: 1 },
    { name: "ping, post", args: [action], environment: { ...environment, ...state }, signals: 1 },
  ]
})
rmSync(scratch, { recursive: true })
Race.report("action", main!, bare!)
