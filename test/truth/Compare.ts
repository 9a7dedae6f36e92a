/** Compares what was answered with what was expected, and says where they differ. */

export interface Difference {
  /** Where, as `$.checks[0].status`, or `status`, `text`, … for what is not in the document. */
  readonly path: string
  /** As text, ready to be read. */
  readonly expected: string
  readonly actual: string
}

/** Decides on a pair of values by itself, or leaves it (`undefined`) to be compared part by part. */
export type Rule = (expected: unknown, actual: unknown, parent: unknown) => boolean | undefined

export interface Options {
  readonly rule: Rule
  /** Objects may have more keys than expected, and arrays more items (an empty one may not). */
  readonly isSubset: boolean
}

/** Differences between two JSON values, in document order. An absent value is `undefined`. */
export const compare = (
  expected: unknown,
  actual: unknown,
  options: Options,
  path = "$",
  parent?: unknown,
): readonly Difference[] => {
  const decided = options.rule(expected, actual, parent)
  if (decided === true) return []
  if (decided === undefined && Array.isArray(expected) && Array.isArray(actual)) {
    const isPrefix = options.isSubset && expected.length > 0
    const length = isPrefix ? expected.length : Math.max(expected.length, actual.length)
    return Array.from({ length }, (_, index) =>
      compare(expected[index], actual[index], options, `${path}[${index}]`, actual),
    ).flat()
  }
  if (decided === undefined && isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...(options.isSubset ? [] : Object.keys(actual))])
    return [...names].flatMap((name) =>
      compare(expected[name], actual[name], options, `${path}.${name}`, actual),
    )
  }
  if (decided === undefined && expected === actual) return []
  return [{ path, expected: print(expected), actual: print(actual) }]
}

/** A difference between two simple values, if there is one. */
export const same = (path: string, expected: unknown, actual: unknown): readonly Difference[] =>
  expected === actual ? [] : [{ path, expected: print(expected), actual: print(actual) }]

export const print = (value: unknown): string => (value === undefined ? "(absent)" : JSON.stringify(value))

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
