/**
 * Loaded into a process before it starts: on SIGUSR2 keeps its event loop busy for `OVERDUE_TEST_SPIN` milliseconds, and
 * then makes each of its turns take `OVERDUE_TEST_TURN` milliseconds for as long as `OVERDUE_TEST_TURNS` says.
 */
import { writeSync } from "node:fs"

const read = (name: string): number => Number(process.env[name] ?? 0)
const [span, turn, turns] = [read("OVERDUE_TEST_SPIN"), read("OVERDUE_TEST_TURN"), read("OVERDUE_TEST_TURNS")]

const spin = (milliseconds: number): void => {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

process.on("SIGUSR2", () => {
  writeSync(1, "spinning\n")
  spin(span)
  const end = performance.now() + turns
  const again = (): void => {
    if (performance.now() > end) return
    spin(turn)
    setImmediate(again)
  }
  again()
})
