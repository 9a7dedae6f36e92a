import * as Check from "@overdue/core/Check"
import * as Dependence from "@overdue/core/Dependence"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

/** A check that went down at an instant. */
const down = (id: string, flippedAt: number, details: Partial<Check.Details>): Check.Check => {
  const made = Check.make({ id, project: "home", badgeKey: id, createdAt: 0, details })
  return { ...made, state: { ...made.state, status: "down", flippedAt } }
}

const slugs = ["a", "b", "c", "d", "e"]

/** Any checks that are down, which come after any of each other. */
const checks = fc
  .array(
    fc.record({
      at: fc.nat({ max: 3 }),
      after: fc.subarray(slugs).map((words) => words.join(" ")),
      tags: fc.subarray(["x", "y"]).map((words) => words.join(" ")),
    }),
    { minLength: 1, maxLength: slugs.length },
  )
  .map((given) => given.map(({ at, ...details }, n) => down(`id-${n}`, at, { slug: slugs[n]!, ...details })))

describe("checks that are down and depend on each other", () => {
  it("never silence all of them: from each that is held, holders lead to one that is told", () => {
    fc.assert(
      fc.property(checks, (all) => {
        const holder = Dependence.among(all)
        for (const check of all) {
          const seen = new Set<string>()
          let next: Check.Check | undefined = check
          while (next !== undefined) {
            if (seen.has(next.id)) return false
            seen.add(next.id)
            next = holder(next)
          }
        }
        return true
      }),
    )
  })

  it("are held only by what they name, and never by themselves", () => {
    fc.assert(
      fc.property(checks, (all) => {
        const holder = Dependence.among(all)
        return all.every((check) => {
          const by = holder(check)
          return by === undefined || (by.id !== check.id && Check.after(check).includes(by.details.slug))
        })
      }),
    )
  })
})

describe("a check that comes after others", () => {
  const web = down("web", 1, { slug: "web", after: "database network" })

  it("is held by one that has the slug or the tag, and not by one whose name only begins so", () => {
    const holderAmong = (...others: readonly Check.Check[]) => Dependence.among([web, ...others])(web)?.id
    expect(holderAmong(down("db", 2, { slug: "database" }))).toBe("db")
    expect(holderAmong(down("router", 2, { tags: "prod network" }))).toBe("router")
    expect(holderAmong(down("db", 2, { slug: "database-2", tags: "networks" }))).toBeUndefined()
  })

  it("says which of its words name nothing but itself", () => {
    const others = [web, down("db", 2, { slug: "database" })]
    expect(Dependence.remarks(web, others)).toEqual([
      {
        code: "after-nothing",
        text: 'It is to come after "network", which is the slug or tag of no other check, and so holds none of its alerts.',
      },
    ])
    const own = down("own", 1, { slug: "own", after: "own" })
    expect(Dependence.remarks(own, [own])).toHaveLength(1)
    expect(Dependence.remarks(down("free", 1, {}), others)).toEqual([])
  })
})
