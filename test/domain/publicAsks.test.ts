import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { asks, type Elsewhere } from "./PublicAsks.ts"
import * as TestSource from "./TestSource.ts"

const root = new URL("../..", import.meta.url).pathname

/** Expects that a test in another file asserts what it is said to, and is run. */
const expectShown = ({ file, title, asserts }: Elsewhere, source: string): void => {
  const test = TestSource.find(source, title)
  expect(test, `"${title}" in ${file}`).toBeDefined()
  expect(test!.isSkipped, `"${title}" in ${file} may be skipped`).toBe(false)
  expect(test!.text).toContain(asserts)
}

describe("what users of cron monitors ask for", () => {
  it.each(asks)("$ask: $shows", async ({ shown }) => {
    if (typeof shown === "function") return shown()
    expectShown(shown, readFileSync(join(root, shown.file), "utf8"))
  })

  it("stands in the documentation as it is shown here", () => {
    const documentation = readFileSync(join(root, "packages/core/README.md"), "utf8")
    for (const { ask, where, here, shows, healthchecks } of asks) {
      expect(documentation).toContain(`| ${ask} | ${where} | ${here} | ${shows} | ${healthchecks} |\n`)
    }
  })
})

describe("an ask that a test elsewhere shows", () => {
  const elsewhere = { file: "planted.test.ts", title: "works", asserts: "expect(1).toBe(1)" }
  const works = 'it("works", () => { expect(1).toBe(1) })'

  it.each([
    ["at the top of its file", works],
    ["inside of a situation", `describe("it", () => { ${works} })`],
    ["behind a test that is skipped", `it.skip("waits", () => {})\n${works}`],
    ["for each of several", works.replace("it(", "it.each([1])(")],
    ["in an effect", works.replace("it(", "it.effect(")],
  ])("is shown by one that stands %s", (_, source) => {
    expect(() => expectShown(elsewhere, source)).not.toThrow()
  })

  it.each([
    ["is gone", 'it("does something else", () => { expect(1).toBe(1) })'],
    ["is only spoken of", `// ${works}\nconst text = ${JSON.stringify(works)}`],
    ["is skipped", works.replace("it(", "it.skip(")],
    ["is skipped on some machines", works.replace("it(", "it.skipIf(isOld)(")],
    ["is yet to be written", works.replace("it(", "it.todo(")],
    ["is in a situation that is skipped", `describe.skip("it", () => { ${works} })`],
    ["is in a situation that is tried on some machines", `describe.runIf(isNew)("it", () => { ${works} })`],
    ["asserts something else", works.replace("toBe(1)", "toBe(2)")],
  ])("is not shown by one that %s", (_, source) => {
    expect(() => expectShown(elsewhere, source)).toThrow()
  })
})
