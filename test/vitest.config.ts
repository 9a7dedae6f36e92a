import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    globalSetup: ["test/kit/Bundle.ts", "test/kit/Scratch.ts", "test/kit/postgres/Databases.ts"],
    include: ["packages/*/test/**/*.test.ts", "actions/*/test/**/*.test.ts", "test/**/*.test.ts"],
    // To load all modules anew for each file would be a third of the work.
    isolate: false,
    // Servers, child processes and a real disk: slow on a busy machine is not wrong.
    testTimeout: 60_000,
    // Much of the time is waiting for servers and disks: one worker a core, two at least.
    maxWorkers: Math.max(2, availableParallelism()),
    hookTimeout: 60_000,
  },
})
