import * as Help from "@overdue/cli/Help"
import { commands } from "@overdue/cli/commands/index"
import type { Command, Registry } from "@overdue/cli/Command"
import * as Template from "@overdue/notifiers/Template"
import { describe, expect, it } from "vitest"

const all = async (registry: Registry): Promise<readonly Command[]> => {
  const found: Command[] = []
  for (const { load } of Object.values(registry)) {
    const { command } = await load()
    found.push(...("run" in command ? [command] : await all(command.commands)))
  }
  return found
}
const pages = await all(commands)

/** A line that cannot be broken: an example to be copied, or a single long word. */
const isWhole = (line: string): boolean =>
  !line.trim().includes(" ") || / {2}overdue |^ {2}\S+ {2}overdue |^ {6}|^ {2}\.\//.test(line)

describe.each([60, 80, 100])("help that is %d columns wide", (width) => {
  it("has no longer line in its overview", () => {
    for (const line of Help.overview(commands, width).split("\n"))
      expect(line.length).toBeLessThanOrEqual(width)
  })

  it.each(pages)("has no longer line on the page of $name than an example", async (command) => {
    const lines = (await Help.page(command, width)).split("\n")
    expect(lines.filter((line) => line.length > width && !isWhole(line))).toEqual([])
  })

  it.each(pages)("says the same on the page of $name as wide help", async (command) => {
    const words = async (width: number) => (await Help.page(command, width)).split(/\s+/)
    expect(await words(width)).toEqual(await words(1000))
  })
})

describe("a page of help", () => {
  const page = async (name: string) => await Help.page(pages.find((command) => command.name === name)!)

  it.each(pages.filter(({ name }) => name !== "run"))(
    "lists all exit codes of $name, among them that of a wrong command line",
    async ({ name }) => {
      expect(await page(name)).toMatch(
        /\nExit codes\n {2}0 {2}[^]*\n {2}1 {2}[^]*\n {2}2 {2}this command line is wrong/,
      )
    },
  )

  it("lists what texts of a channel may contain", async () => {
    for (const [name, meaning] of Template.legend)
      expect(await page("channels add")).toContain(`  ${name.padEnd(11)}  ${meaning}\n`)
  })
})

describe("the width of help", () => {
  const of = (isTTY: boolean, columns?: number) => Help.columnsOf({ isTTY, columns } as never) // what is looked at

  it("is that of the terminal, from 60 to 100 columns, and 100 elsewhere", () => {
    expect([20, 60, 80, 100, 200].map((columns) => of(true, columns))).toEqual([60, 60, 80, 100, 100])
    expect([of(false, 60), of(true), of(true, 0)]).toEqual([100, 100, 100])
  })
})
