/** Pages of lists: which one is asked for, and how an answer leads to the others. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as JsonSchema from "../../docs/JsonSchema.ts"
import * as LongJson from "../../http/LongJson.ts"
import type { Doc, Request } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"

/** A page that is asked for. */
export interface Asked {
  /** From 1. */
  readonly page: number
  readonly perPage: number
  /** How many things come before it. */
  readonly offset: number
  readonly isDescending: boolean
}

const sizes: readonly number[] = [10, 25, 50, 100, 250, 500, 1000]
const usual = 25

/** What the query of every list may have. */
export const parameters = {
  page: { description: "The page, from 1.", schema: { type: "integer", minimum: 1, default: 1 } },
  results_per_page: {
    description: "How many a page has.",
    schema: { type: "integer", enum: sizes, default: usual },
  },
  order_type: { description: "The direction.", schema: { enum: ["ASC", "DESC"], default: "DESC" } },
} as const satisfies Doc["query"]

/** Returns the page that a query asks for; a value that makes no sense is as one that is left out. */
export const read = (query: URLSearchParams): Asked => {
  // With more digits the offset would not be exact, and there are not as many pages of anything.
  const given = /^\s*\+?(\d{1,12})\s*$/.exec(query.get("page") ?? "")
  const page = Math.max(1, Number(given?.[1] ?? 1))
  const size = Number(query.get("results_per_page"))
  const perPage = sizes.includes(size) ? size : usual
  const isDescending = query.get("order_type")?.toUpperCase() !== "ASC"
  return { page, perPage, offset: (page - 1) * perPage, isDescending }
}

/** What an answer with a page has beside its `data`. */
export const Output = Schema.Struct({
  meta: Schema.Struct({
    page: Shapes.count,
    results_per_page: Shapes.count,
    total: Shapes.count,
    total_pages: Shapes.count,
  }),
  links: Schema.Struct({
    first: Shapes.url,
    last: Shapes.url,
    next: Schema.NullOr(Shapes.url),
    prev: Schema.NullOr(Shapes.url),
    self: Shapes.url,
  }),
})

/** Returns the shape of an answer with a page of what is defined once under a name. */
export const shape = (name: string) => ({
  allOf: [Answers.dataOf(JsonSchema.list(JsonSchema.ref(name))), JsonSchema.ref("Page")],
})

/** What is found: the things of the page, and how many there are on all pages. */
export interface Found<A> {
  readonly things: readonly A[]
  readonly total: number
}

/** How the things of a list are shown, and the path of the list. */
export interface Listed<A> {
  readonly path: string
  readonly show: (thing: A) => unknown
}

/** Returns the answer with a page. */
export const answer = Effect.fnUntraced(function* <A>(
  { things, total }: Found<A>,
  { page, perPage }: Asked,
  { root, query }: Request,
  { path, show }: Listed<A>,
) {
  const pages = Math.max(1, Math.ceil(total / perPage))
  const others = new URLSearchParams(query)
  others.delete("page")
  const link = (number: number): string => {
    const kept = others.toString()
    return `${root}${path}?${kept === "" ? "" : `${kept}&`}page=${number}`
  }
  return yield* LongJson.answer({
    data: yield* LongJson.list(things, show),
    meta: { page, results_per_page: perPage, total, total_pages: pages },
    links: {
      first: link(1),
      last: link(pages),
      next: page < pages ? link(page + 1) : null,
      // From beyond the last page, the way back is the last one.
      prev: page > 1 ? link(Math.min(page - 1, pages)) : null,
      self: link(page),
    },
  })
})

/** Returns the answer with a page of things that are all at hand, oldest first. */
export const ofAll = <A>(all: readonly A[], request: Request, listed: Listed<A>) => {
  const asked = read(request.query)
  const ordered = asked.isDescending ? all.toReversed() : all
  const things = ordered.slice(asked.offset, asked.offset + asked.perPage)
  return answer({ things, total: all.length }, asked, request, listed)
}
