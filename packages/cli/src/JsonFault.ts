/** Where a text stops being JSON (RFC 8259). The text is not repeated: it may hold secrets. */

/** Whether a text is meant to be an object or a list in JSON. */
export const isMeant = (text: string): boolean => /^\s*[{[]/.test(text)

/** Returns what is wrong with a text that is not JSON, as the end of a sentence: `is not JSON from character 9 on: …`. */
export const sentence = (text: string): string => {
  const { at, expected } = fault(text)
  const where = text.slice(at).trim() === "" ? "where it ends" : `from character ${at + 1} on`
  return `is not JSON ${where}: expected ${expected}`
}

const token =
  /\s*("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)|[{}[\],:])/y

interface Fault {
  readonly at: number
  readonly expected: string
}

/** What may come next: in an object a name and a colon before each value. */
type Next = "value" | "value or end" | "name" | "name or end" | "colon" | "comma or end"

const fault = (text: string): Fault => {
  const open: string[] = []
  let next: Next = "value"
  let at = 0
  for (;;) {
    const start = at + /^\s*/.exec(text.slice(at))![0].length
    token.lastIndex = at
    const found: string = token.exec(text)?.[1] ?? ""
    const closing: string = open.at(-1) ?? ""
    if (next === "comma or end" && closing === "") return { at: start, expected: "nothing more" }
    const isEnd: boolean = found !== "" && found === closing && next.endsWith("or end")
    const after: Next | undefined = isEnd ? "comma or end" : follow(next, found, open)
    if (after === undefined) return { at: start, expected: expectedOf(next, closing) }
    if (isEnd) open.pop()
    next = after
    at = token.lastIndex
  }
}

/** Returns what may come after a token, which may open an object or a list; `undefined` when the token may not come. */
const follow = (next: Next, found: string, open: string[]): Next | undefined => {
  const isText = found.startsWith('"')
  switch (next) {
    case "name":
    case "name or end":
      return isText ? "colon" : undefined
    case "colon":
      return found === ":" ? "value" : undefined
    case "comma or end":
      return found === "," ? (open.at(-1) === "}" ? "name" : "value") : undefined
    case "value":
    case "value or end":
      if (found === "{") return (open.push("}"), "name or end")
      if (found === "[") return (open.push("]"), "value or end")
      return isText || /^[-\dtfn]/.test(found) ? "comma or end" : undefined
  }
}

const expectedOf = (next: Next, closing: string): string => {
  switch (next) {
    case "name":
      return "a name in double quotes"
    case "name or end":
      return "a name in double quotes, or }"
    case "colon":
      return "a colon"
    case "value":
      return "a value, texts in double quotes"
    case "value or end":
      return "a value, texts in double quotes, or ]"
    case "comma or end":
      return `a comma, or ${closing}`
  }
}
