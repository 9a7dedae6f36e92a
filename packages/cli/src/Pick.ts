/** The one thing that an argument means, among those of its sort: by id, name, or the beginning of an id. */
import { Failure } from "./Failure.ts"
import { nearest } from "./Nearest.ts"
import { plain } from "./Style.ts"

/** How things of one sort are named. */
export interface Naming<A> {
  /** `check`, `channel`. */
  readonly noun: string
  readonly id: (item: A) => string
  /** By what each is found, the surest first: a slug before a name. Empty words are none. */
  readonly names: readonly ((item: A) => string)[]
  /** The command that lists all, for sorts of which there are too many for a message. */
  readonly list?: string
}

/** Returns the only item that is meant. Fails with a `Failure` that lists the candidates when it is not exactly one. */
export const pick = <A>(items: readonly A[], words: string, naming: Naming<A>): A => {
  const { noun, id, names } = naming
  const rules: readonly ((item: A) => boolean)[] = [
    (item) => words !== "" && id(item) === words.toLowerCase(),
    ...names.map((name) => (item: A) => words !== "" && name(item) === words),
    (item) => words.length >= 4 && id(item).startsWith(words.toLowerCase()),
  ]
  for (const rule of rules) {
    const [found, ...others] = items.filter(rule)
    if (found === undefined) continue
    if (others.length === 0) return found
    const title = (item: A) => plain(names.map((name) => name(item)).find((name) => name !== "") ?? "")
    const list = [found, ...others].map((item) => `${id(item)} (${title(item)})`)
    throw new Failure(
      `${JSON.stringify(words)} fits several ${noun}s; name one by its id: ${list.join(", ")}`,
    )
  }
  throw new Failure(`there is no ${noun} ${JSON.stringify(words)}${hint(items, words, naming)}`)
}

const hint = <A>(items: readonly A[], words: string, { names, list }: Naming<A>): string => {
  const known = items.flatMap((item) => names.map((name) => name(item))).filter((name) => name !== "")
  const near = nearest(words, known)
  if (near !== undefined) return `; did you mean ${JSON.stringify(plain(near))}?`
  if (list !== undefined) return `; \`${list}\` lists them`
  return known.length === 0 ? "" : `; there is ${known.slice(0, 10).map(plain).join(", ")}`
}
