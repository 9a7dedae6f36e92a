/**
 * One value of a JSON text (RFC 8259) by its path. The text is read once and nothing is built of it: of a hostile megabyte,
 * nested or full of small objects, `JSON.parse` builds more than anybody wants to wait for.
 */

/** Characters of a path; a longer one finds nothing. */
const longest = 1_000

/** How deep a text may be nested; a deeper one is not read. */
const deepest = 10_000

/**
 * Returns the names and numbers of a path such as `groups.user[0].name`, which may also stand in brackets and quotes:
 * `["odd name"]`. Empty for the whole text; `undefined` when it is no path.
 */
export const steps = (path: string): readonly string[] | undefined => {
  if (path.length > longest) return undefined
  const step = /\[(?:(\d+)|"([^"]*)"|'([^']*)')\]|(\.?)([^.[\]"']+)/y
  const found: string[] = []
  while (step.lastIndex < path.length) {
    const isFirst = step.lastIndex === 0
    const [, number, double, single, dot, name] = step.exec(path) ?? []
    const next = number ?? double ?? single ?? name
    // A name begins the path or follows a dot.
    if (next === undefined || (name !== undefined && isFirst !== (dot === ""))) return undefined
    found.push(next)
  }
  return found
}

/**
 * Returns the value at a path: a string as what it says, anything else as its JSON text without white space. Of several
 * members of the same name the last counts, as with `JSON.parse`. `undefined` when there is none, or when the text is no
 * JSON.
 */
export const select = (text: string, path: string): Selected | undefined => {
  const wanted = steps(path)
  if (wanted === undefined) return undefined
  const reader = new Reader(text, wanted)
  const found = reader.read()
  if (found === undefined) return undefined
  const source = text.slice(...found)
  // safe because the reader has seen that it is a string of JSON
  if (source.startsWith('"')) return { isString: true, text: JSON.parse(source) as string }
  return { isString: false, text: compact(source) }
}

/** A value that was found. */
export interface Selected {
  readonly isString: boolean
  readonly text: string
}

const quote = 0x22
const backslash = 0x5c
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

const compact = (source: string): string => {
  const kept: string[] = []
  let from = 0
  let isQuoted = false
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (isQuoted && code === backslash) at++
    else if (code === quote) isQuoted = !isQuoted
    else if (!isQuoted && isSpace(code)) {
      if (at > from) kept.push(source.slice(from, at))
      from = at + 1
    }
  }
  return kept.length === 0 && from === 0 ? source : kept.join("") + source.slice(from)
}

class NotJson extends Error {}

/** Goes over a text, without recursion: its depth is the text's to choose. */
class Reader {
  readonly #text: string
  readonly #steps: readonly string[]
  #at = 0
  /** Of every open array the index of its present item, and -1 of every open object. */
  readonly #open: number[] = []
  /** How many of the first steps lead to where the reader is. */
  #matched = 0
  /** Whether the array or object that was opened last still waits for its first item. */
  #isNew = false
  #start = -1
  #found: readonly [from: number, to: number] | undefined

  constructor(text: string, steps: readonly string[]) {
    this.#text = text
    this.#steps = steps
  }

  read(): readonly [from: number, to: number] | undefined {
    try {
      this.#value()
      while (this.#open.length > 0) this.#next()
      this.#space()
      return this.#at === this.#text.length ? this.#found : undefined
    } catch (cause) {
      if (cause instanceof NotJson) return undefined
      throw cause
    }
  }

  /** Reads a value; of an array or object, up to its first value. */
  #value(): void {
    this.#space()
    const isWanted = this.#matched === this.#open.length && this.#matched === this.#steps.length
    const from = this.#at
    if (isWanted) this.#start = from
    const char = this.#text[this.#at]
    if (char === "[" || char === "{") {
      this.#at++
      if (this.#open.push(char === "[" ? 0 : -1) > deepest) throw new NotJson()
      this.#space()
      if (this.#text[this.#at] === (char === "[" ? "]" : "}")) return this.#close()
      this.#isNew = true
      return
    }
    if (char === '"') this.#string()
    else if (char === "t") this.#word("true")
    else if (char === "f") this.#word("false")
    else if (char === "n") this.#word("null")
    else this.#number()
    if (isWanted) this.#found = [from, this.#at]
  }

  /** Goes on in an array or object: with its first item, or behind one. */
  #next(): void {
    if (this.#isNew) {
      this.#isNew = false
      return this.#item()
    }
    this.#space()
    const index = this.#open.at(-1)!
    const char = this.#text[this.#at]
    if (char === (index < 0 ? "}" : "]")) return this.#close()
    if (char !== ",") throw new NotJson()
    this.#at++
    if (index >= 0) this.#open[this.#open.length - 1] = index + 1
    this.#item()
  }

  /** Reads the name of a member, and then the value. */
  #item(): void {
    const depth = this.#open.length
    const index = this.#open[depth - 1]!
    const isOnPath = this.#matched >= depth - 1 && depth <= this.#steps.length
    let name = String(index)
    if (index < 0) {
      this.#space()
      const from = this.#at
      this.#string()
      if (isOnPath) name = this.#named(from)
      this.#space()
      if (this.#text[this.#at++] !== ":") throw new NotJson()
    }
    if (isOnPath) {
      this.#matched = name === this.#steps[depth - 1] ? depth : depth - 1
      // What an earlier member of this name had is no more.
      if (this.#matched === depth) this.#found = undefined
    }
    this.#value()
  }

  #close(): void {
    this.#at++
    this.#open.pop()
    const depth = this.#open.length
    if (depth === this.#steps.length && this.#matched >= depth) this.#found = [this.#start, this.#at]
    this.#matched = Math.min(this.#matched, depth)
  }

  #named(from: number): string {
    const source = this.#text.slice(from, this.#at)
    // safe because the reader has just read it as a string of JSON
    return source.includes("\\") ? (JSON.parse(source) as string) : source.slice(1, -1)
  }

  #space(): void {
    const text = this.#text
    let at = this.#at
    while (isSpace(text.charCodeAt(at))) at++
    this.#at = at
  }

  #word(word: string): void {
    if (!this.#text.startsWith(word, this.#at)) throw new NotJson()
    this.#at += word.length
  }

  #string(): void {
    const text = this.#text
    let at = this.#at
    if (text.charCodeAt(at++) !== quote) throw new NotJson()
    for (;;) {
      const code = text.charCodeAt(at++)
      if (code === quote) break
      // Beyond the end of the text it is NaN.
      if (!(code >= 0x20)) throw new NotJson()
      if (code !== backslash) continue
      const escaped = text[at++] ?? ""
      if (escaped === "u") {
        if (!/^[0-9a-f]{4}$/i.test(text.slice(at, at + 4))) throw new NotJson()
        at += 4
      } else if (!'"\\/bfnrt'.includes(escaped) || escaped === "") throw new NotJson()
    }
    this.#at = at
  }

  #number(): void {
    if (this.#text[this.#at] === "-") this.#at++
    if (this.#text[this.#at] === "0") this.#at++
    else this.#digits()
    if (this.#text[this.#at] === ".") {
      this.#at++
      this.#digits()
    }
    if (this.#text[this.#at] !== "e" && this.#text[this.#at] !== "E") return
    this.#at++
    if (this.#text[this.#at] === "+" || this.#text[this.#at] === "-") this.#at++
    this.#digits()
  }

  #digits(): void {
    const text = this.#text
    let at = this.#at
    while (isDigit(text.charCodeAt(at))) at++
    if (at === this.#at) throw new NotJson()
    this.#at = at
  }
}
