import { readFile } from "node:fs/promises"
import { registerHooks } from "node:module"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { actions, folder } from "./build.ts"
import { manifest } from "./Runner.ts"

// GitHub's parser imports its schemas as JSON without saying so, which only bundlers accept.
registerHooks({
  resolve: (specifier, context, next) => ({
    ...next(specifier, context),
    ...(specifier.endsWith(".json") && { importAttributes: { type: "json" } }),
  }),
})
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } =
  await import("@actions/workflow-parser")
const { parseAction } = await import("@actions/workflow-parser/actions/action-parser")

const trace = new NoOperationTraceWriter()

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>
}

/** What GitHub's own parser says of a workflow; nothing when it is right. */
async function problems(name: string, content: string): Promise<readonly string[]> {
  const { context, value } = parseWorkflow({ name, content }, trace)
  if (value !== undefined) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({ message }) => message)
}

const blocks = (markdown: string) =>
  [...markdown.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, yaml]) => yaml!)

describe("the lint of workflows", () => {
  it.each([
    [
      "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: true\n        wiht: {}\n",
      "Unexpected value 'wiht'",
    ],
    ["on: psuh\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: a\n", "Unexpected value 'psuh'"],
    ["on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: ${{ secret.X }}\n", "secret"],
  ])("finds what is wrong with %j", async (workflow, message) => {
    expect((await problems("planted.yml", workflow)).join("\n")).toContain(message)
  })
})

describe.each(actions)("the documentation of %s", async (action) => {
  const readme = await readFile(join(folder(action), "README.md"), "utf8")
  const { inputs, outputs, runs } = await manifest(action)
  const examples = blocks(readme)

  it("comes with a manifest that GitHub accepts", async () => {
    const content = await readFile(join(folder(action), "action.yml"), "utf8")
    const { context } = parseAction({ name: "action.yml", content }, trace)
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([])
    expect(runs.using).toBe("node24")
  })

  it.each(examples)("has examples that GitHub accepts: %#", async (example) => {
    expect(await problems("example.yml", example)).toEqual([])
  })

  it("uses only inputs that exist", () => {
    const steps = examples.flatMap((example) => {
      const { jobs }: Workflow = parse(example)
      return Object.values(jobs).flatMap(({ steps }) => steps)
    })
    const ours = steps.filter(({ uses }) => uses?.includes(`/actions/${action}@`))
    expect(ours.length).toBeGreaterThan(0)
    for (const step of ours) {
      for (const name of Object.keys(step.with ?? {})) expect(Object.keys(inputs)).toContain(name)
    }
  })

  it("names every input and output, in order, and no other", () => {
    const [, inputTable = "", outputTable = ""] =
      /\n## Inputs\n([\s\S]*?)\n## Outputs\n([\s\S]*?)\n## /.exec(readme) ?? []
    const rows = (table: string) => [...table.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name)
    expect(rows(inputTable)).toEqual(Object.keys(inputs))
    expect(rows(outputTable)).toEqual(Object.keys(outputs))
  })

  it("promises no input that no test gives", async () => {
    const tests = await readFile(new URL(`./${action}.test.ts`, import.meta.url), "utf8")
    // The token's default is what the tests use.
    const given = Object.keys(inputs).filter((name) => name !== "token")
    for (const name of given) expect(tests).toMatch(new RegExp(`(^|[{ ,])"?${name}"?(:|,| })`, "m"))
  })
})
