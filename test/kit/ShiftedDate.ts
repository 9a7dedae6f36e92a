/**
 * Loaded into a program before it starts: its wall clock is ahead by as many milliseconds as a file says, which may be
 * rewritten while it runs.
 */
import { readFileSync } from "node:fs"

const file = process.env["OVERDUE_TEST_SHIFT"]
const True = Date

if (file !== undefined) {
  let ahead = 0
  const read = (): void => {
    ahead = Number(readFileSync(file, "utf8"))
  }
  read()
  setInterval(read, 20).unref()
  const now = (): number => True.now() + ahead
  globalThis.Date = new Proxy(True, {
    construct: (target, given: [], made) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, made),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  })
}
