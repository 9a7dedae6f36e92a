/** The list of planted bugs, which takes long to plant and would fall behind the code that it is about. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import * as Planted from "./Planted.ts"
import { areas } from "./planted/index.ts"

const root = join(import.meta.dirname, "..", "..")

describe("every bug that is planted", () => {
  it.each(areas)("in the $name has its place in the code, and only one", ({ bugs }) => {
    expect(Planted.misplacedIn((file) => readFileSync(join(root, file), "utf8"), bugs)).toEqual([])
  })

  it("would be missed when its place had changed", () => {
    const bug = { what: "it", file: "a.ts", original: "one", replacement: "two", tests: [] }
    const found = (text: string) => Planted.misplacedIn(() => text, [bug])
    expect(found("one")).toEqual([])
    expect(found("two")).toEqual([`it: expected once in a.ts, found 0 times: "one"`])
    expect(found("one, one")).toEqual([`it: expected once in a.ts, found 2 times: "one"`])
  })
})
