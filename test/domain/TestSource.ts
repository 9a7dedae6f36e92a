/** A test as its file has it: found by its title, with its text, and whether anything keeps it from being run. */
import { parseAst } from "rolldown/parseAst"

export interface TestSource {
  readonly text: string
  readonly isSkipped: boolean
}

interface Call {
  readonly type: "CallExpression"
  readonly callee: Node
  readonly arguments: readonly Node[]
  readonly start: number
  readonly end: number
}

type Node = Call | { readonly type: string; readonly name?: unknown; readonly value?: unknown }

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"

const isCall = (node: Node): node is Call => node.type === "CallExpression"

/** What keeps tests from being run, or lets only some of them be: it is enough that one may be skipped. */
const skips = new Set(["skip", "skipIf", "runIf", "todo"])

/** Returns the test with this title in the source of a test file; `undefined` when there is none. */
export const find = (source: string, title: string): TestSource | undefined => {
  const look = (value: unknown, isSkipped: boolean): TestSource | undefined => {
    if (Array.isArray(value)) return first(value, (item) => look(item, isSkipped))
    if (!isNode(value)) return undefined
    if (!isCall(value)) return first(Object.values(value), (child) => look(child, isSkipped))
    const [base, ...members] = namesIn(value.callee)
    const isSkippedHere = isSkipped || members.some((name) => skips.has(name))
    const isTest = (base === "it" || base === "test") && value.arguments[0] !== undefined
    if (isTest && "value" in value.arguments[0]! && value.arguments[0].value === title) {
      return { text: source.slice(value.start, value.end), isSkipped: isSkippedHere }
    }
    return first([value.callee, ...value.arguments], (child) => look(child, isSkippedHere))
  }
  return look(parseAst(source, { lang: "ts", astType: "ts" }).body, false)
}

const first = <A>(items: readonly A[], look: (item: A) => TestSource | undefined): TestSource | undefined => {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** Returns the names of a callee from left to right: `it`, `skipIf` of `it.skipIf(isOld)`. */
const namesIn = (callee: unknown): readonly string[] => {
  if (!isNode(callee)) return []
  if (isCall(callee)) return namesIn(callee.callee)
  if ("name" in callee && typeof callee.name === "string") return [callee.name]
  const { object, property } = callee as { readonly object?: unknown; readonly property?: unknown }
  return [...namesIn(object), ...namesIn(property)]
}
