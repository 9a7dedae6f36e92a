/** Loaded into a process before it starts: keeps its event loop busy for as many milliseconds as SIGUSR2 is to mean. */
import { writeSync } from "node:fs"

const span = Number(process.env["OVERDUE_TEST_SPIN"])

process.on("SIGUSR2", () => {
  writeSync(1, "spinning\n")
  const end = performance.now() + span
  while (performance.now() < end);
})
