/** A bug that is planted to see whether the tests notice it. */

/** A bug, as a change of one text in one file. */
export interface Bug {
  /** What would go wrong for whom. */
  readonly what: string
  /** Path of the file. */
  readonly file: string
  /** The text that is replaced; it occurs exactly once in the file. */
  readonly original: string
  readonly replacement: string
  /** The test files that should notice: parts of their paths, as vitest takes them. */
  readonly tests: readonly string[]
  /** A part of the names of those tests in slow files that should notice; `undefined`: any may. */
  readonly named?: string
  /** Why no test can notice it; `undefined`: one must. */
  readonly why?: string
}

/** The bugs of one part of the product. */
export interface Area {
  readonly name: string
  readonly bugs: readonly Bug[]
}
