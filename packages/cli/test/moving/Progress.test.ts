import * as Progress from "@overdue/cli/moving/Progress"
import { describe, expect, it } from "vitest"

/** A stream that remembers what is written to it. */
const output = (terminal: { readonly isTTY?: boolean; readonly columns?: number }) => {
  const written: string[] = []
  const write = (text: string): boolean => written.push(text) > 0
  return { written, stream: { ...terminal, write } as never } // safe because nothing else of it is used
}

/** Shows a move of so many steps, and returns what each line of the terminal was. */
const shown = (columns: number, total: number): readonly string[] => {
  const { written, stream } = output({ isTTY: true, columns })
  const progress = Progress.make(stream)
  for (let done = 0; done <= total; done++) progress.show(done, total)
  progress.end()
  // Each drawing begins by clearing the line.
  return written.join("").split("\r\u001b[K")
}

describe("the bar of a move", () => {
  it.each([1, 5, 8, 20, 40, 59, 80, 200])("fits a terminal of %i columns, and is taken away", (columns) => {
    const lines = shown(columns, 2000)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(0, columns - 1))
    expect(lines.join("")).not.toMatch(/[\r\n]/)
    expect(lines.at(-1)).toBe("")
  })

  it("is as wide as there is room, up to 30 columns", () => {
    expect(shown(80, 2).slice(1)).toEqual([
      `[${" ".repeat(30)}] 0 of 2`,
      `[${"#".repeat(15)}${" ".repeat(15)}] 1 of 2`,
      `[${"#".repeat(30)}] 2 of 2`,
      "",
    ])
    expect(shown(20, 2)[2]).toBe("[#####     ] 1 of 2")
    expect(shown(12, 2)[2]).toBe("1 of 2")
  })

  it("makes room for a line that is said, and comes back below it", () => {
    const { written, stream } = output({ isTTY: true, columns: 20 })
    const progress = Progress.make(stream)
    progress.show(1, 2)
    progress.say("patience")
    const [clear, bar] = ["\r\u001b[K", "[#####     ] 1 of 2"]
    expect(written).toEqual([clear + bar, clear, "patience\n", clear + bar])
  })

  it("is not there off a terminal, where what is said is a line", () => {
    const { written, stream } = output({})
    const progress = Progress.make(stream)
    progress.show(1, 2)
    progress.say("patience")
    progress.end()
    expect(written).toEqual(["patience\n"])
  })
})
