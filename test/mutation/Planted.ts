/**
 * Plants bugs in what surrounds the core, one at a time, and counts how many of them the tests notice.
 *
 * The bugs are a list: what goes wrong there (a commit that is not waited for, a header that is sent on) are not the small
 * changes that can be made by rule.
 */
import { readFileSync, writeFileSync } from "node:fs"
import * as Copy from "./Copy.ts"
import type { Area, Bug } from "./planted/Bug.ts"
import { areas } from "./planted/index.ts"

/** The share of the bugs of each area that must be noticed. */
const target = 0.9

/** Milliseconds after which a bug that makes a test wait for ever is noticed, and one that keeps all from ending. */
const patience = { each: 20_000, together: 60_000 }

/** Milliseconds for all tests without a bug. */
const patienceBefore = { each: 60_000, together: 900_000 }

/** Returns whether enough bugs are noticed. With a word, only those are planted whose file or sentence contains it. */
export const run = async (word = ""): Promise<boolean> => {
  const chosen = areas
    .map(({ name, bugs }): Area => ({ name, bugs: bugs.filter((bug) => isNamed(bug, word)) }))
    .filter(({ bugs }) => bugs.length > 0)
  using copy = Copy.make()
  const all = chosen.flatMap(({ bugs }) => bugs)
  if (all.length === 0) throw new Error(`no bug has ${JSON.stringify(word)} in its file or its sentence`)
  const misplaced = misplacedIn((file) => readFileSync(copy.file(file), "utf8"), all)
  if (misplaced.length > 0) throw new Error(misplaced.join("\n"))
  await expectPassing(copy, all)
  const noticed = new Set<Bug>()
  for (const [index, bug] of all.entries()) {
    const startedAt = performance.now()
    const { is, failed, output } = await planted(copy, bug)
    if (is === "broken") throw new Error(`${bug.what}: the tests cannot be run with this bug\n${output}`)
    if (is !== "passed") noticed.add(bug)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)
    const verdict = is === "passed" ? "SURVIVED" : "noticed "
    console.log(`${`${index + 1}/${all.length}`.padStart(6)} ${verdict} ${seconds} s  ${bug.what}`)
    if (is !== "passed") console.log(`${" ".repeat(25)}by: ${failed[0] ?? is}`)
  }
  return judge(chosen, noticed)
}

const isNamed = ({ file, what }: Bug, word: string): boolean => file.includes(word) || what.includes(word)

/**
 * Returns a line for each bug whose text does not occur exactly once in its file. A bug whose place has changed would
 * count as noticed, or as not, for nothing.
 */
export const misplacedIn = (textOf: (file: string) => string, bugs: readonly Bug[]): readonly string[] =>
  bugs.flatMap(({ file, original, replacement, what }) => {
    const found = textOf(file).split(original).length - 1
    return found === 1 && original !== replacement
      ? []
      : [`${what}: expected once in ${file}, found ${found} times: ${JSON.stringify(original)}`]
  })

/** Runs each of the tests once without a bug, so that what fails then is the doing of the bug. */
const expectPassing = async (copy: Copy.Copy, bugs: readonly Bug[]): Promise<void> => {
  const startedAt = performance.now()
  const files = [...new Set(bugs.flatMap(({ tests }) => tests))]
  const byNames = Map.groupBy(files, (file) =>
    namesOf(bugs.filter(({ tests }) => tests.includes(file))).join("\n"),
  )
  for (const [names, files] of byNames) {
    const named = names === "" ? [] : names.split("\n")
    const { is, output } = await copy.test({ files, named, ...patienceBefore })
    if (is !== "passed")
      throw new Error(`${files.join(", ")}: the tests do not pass without a bug\n${output}`)
  }
  console.log(`without a bug, all tests pass in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
}

/** Returns the parts of names by which bugs choose their tests; none when one of them may be noticed by any test. */
const namesOf = (bugs: readonly Bug[]): readonly string[] => {
  const names = bugs.map(({ named }) => named)
  return names.includes(undefined) ? [] : [...new Set(names.filter((name) => name !== undefined))]
}

const planted = async (copy: Copy.Copy, bug: Bug): Promise<Copy.Outcome> => {
  const file = copy.file(bug.file)
  const source = readFileSync(file, "utf8")
  try {
    writeFileSync(
      file,
      source.replace(bug.original, () => bug.replacement),
    )
    return await copy.test({ files: bug.tests, named: namesOf([bug]), ...patience })
  } finally {
    writeFileSync(file, source)
  }
}

/** Prints a line for each area and for each bug that is not as it should be; returns whether all is well. */
const judge = (chosen: readonly Area[], noticed: ReadonlySet<Bug>): boolean => {
  const wrong: string[] = []
  for (const { name, bugs } of chosen) {
    const count = bugs.filter((bug) => noticed.has(bug)).length
    const share = count / bugs.length
    console.log(`${name.padEnd(14)} ${count} of ${bugs.length} noticed (${(share * 100).toFixed(1)}%)`)
    if (share < target) wrong.push(`${name}: fewer than ${target * 100}% were noticed`)
    for (const bug of bugs) {
      const isNoticed = noticed.has(bug)
      if (!isNoticed && bug.why === undefined)
        wrong.push(`${name}: survived and is not explained: ${bug.what}`)
      if (isNoticed && bug.why !== undefined)
        wrong.push(`${name}: is explained, but was noticed: ${bug.what}`)
      if (!isNoticed && bug.why !== undefined) console.log(`  survives: ${bug.what}. ${bug.why}`)
    }
  }
  for (const line of wrong) console.error(line)
  return wrong.length === 0
}
