/** The one thing that an argument means, among those of a database: by id, name, or the beginning of an id. */
import { Failure } from "../Failure.ts"
import { nearest } from "../Nearest.ts"
import { plain } from "../Style.ts"

/** How things of one sort are named. */
export interface Naming<A> {
  /** `check`, `channel`. */
  readonly noun: string
  readonly id: (item: A) => string
  /** What people call it, the likeliest first; empty names are none. */
  readonly names: (item: A) => readonly string[]
}

/** Returns the only item that is meant. Fails with a `Failure` that lists the candidates when it is not exactly one. */
export const pick = <A>(items: readonly A[], words: string, { noun, id, names }: Naming<A>): A => {
  const rules: readonly ((item: A) => boolean)[] = [
    (item) => id(item) === words.toLowerCase(),
    (item) => words !== "" && names(item).includes(words),
    (item) => words.length >= 4 && id(item).startsWith(words.toLowerCase()),
  ]
  for (const rule of rules) {
    const [found, ...others] = items.filter(rule)
    if (found === undefined) continue
    if (others.length === 0) return found
    const list = [found, ...others].map((item) => `${id(item)} (${plain(names(item)[0] ?? "")})`)
    throw new Failure(
      `${JSON.stringify(words)} fits several ${noun}s; name one by its id: ${list.join(", ")}`,
    )
  }
  const known = items.flatMap(names).filter((name) => name !== "")
  const near = nearest(words, known)
  throw new Failure(
    `there is no ${noun} ${JSON.stringify(words)}${hint(near, known.slice(0, 10).map(plain))}`,
  )
}

const hint = (near: string | undefined, known: readonly string[]): string => {
  if (near !== undefined) return `; did you mean ${JSON.stringify(plain(near))}?`
  return known.length === 0 ? "" : `; there is ${known.join(", ")}`
}
