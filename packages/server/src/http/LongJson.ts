/** JSON with long lists, as `JSON.stringify` would print it, made and sent while others have their turns of the event loop. */
import * as Effect from "effect/Effect"
import * as SlicedBody from "./SlicedBody.ts"

/** A list whose items are printed already. */
export class List {
  readonly items: readonly string[]

  constructor(items: readonly string[]) {
    this.items = items
  }
}

/** Prints a list: what `show` makes of each of some things. */
export const list = <A>(things: readonly A[], show: (thing: A) => unknown): Effect.Effect<List> =>
  Effect.map(
    SlicedBody.texts(things, (some) => Effect.succeed(some.map((thing) => JSON.stringify(show(thing))))),
    (items) => new List(items),
  )

/** Returns an answer whose body is a JSON object, of which members may be lists. It is made in turn, see `SlicedBody`. */
export const answer = (body: Readonly<Record<string, unknown>>) =>
  SlicedBody.answer({ "content-type": "application/json" }, pieces(body))

const pieces = function* (body: Readonly<Record<string, unknown>>): Generator<string, undefined> {
  let before = "{"
  for (const [name, member] of Object.entries(body)) {
    yield `${before}${JSON.stringify(name)}:`
    if (member instanceof List) yield* itemsOf(member)
    else yield JSON.stringify(member)
    before = ","
  }
  yield "}"
  return undefined
}

const itemsOf = function* ({ items }: List): Generator<string, undefined> {
  yield "["
  for (const [index, item] of items.entries()) yield index === 0 ? item : `,${item}`
  yield "]"
  return undefined
}
